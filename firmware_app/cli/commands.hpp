#pragma once
// The commands: one function each, from Arguments to an Answer. tests/contract holds the schema of every answer.

#include "firmware_app/cli/answer.hpp"
#include "firmware_app/cli/command_line.hpp"

namespace lantaarn::firmware::cli {

[[nodiscard]] Result<Answer> enrol(const Arguments& arguments);
[[nodiscard]] Result<Answer> add_user(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_users(const Arguments& arguments);

[[nodiscard]] Result<Answer> change_pin(const Arguments& arguments);
[[nodiscard]] Result<Answer> set_duress_pin(const Arguments& arguments);
[[nodiscard]] Result<Answer> remove_duress_pin(const Arguments& arguments);

[[nodiscard]] Result<Answer> start_round(const Arguments& arguments);
[[nodiscard]] Result<Answer> end_round(const Arguments& arguments);
[[nodiscard]] Result<Answer> count_heads(const Arguments& arguments);

[[nodiscard]] Result<Answer> log_contact(const Arguments& arguments);
[[nodiscard]] Result<Answer> amend(const Arguments& arguments);
[[nodiscard]] Result<Answer> retract(const Arguments& arguments);
[[nodiscard]] Result<Answer> add_client(const Arguments& arguments);
[[nodiscard]] Result<Answer> name_client(const Arguments& arguments);
[[nodiscard]] Result<Answer> set_client(const Arguments& arguments);

[[nodiscard]] Result<Answer> add_record(const Arguments& arguments);
[[nodiscard]] Result<Answer> change_record(const Arguments& arguments);
[[nodiscard]] Result<Answer> retract_record(const Arguments& arguments);

[[nodiscard]] Result<Answer> list_clients(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_contacts(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_follow_ups(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_records(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_record_kinds(const Arguments& arguments);
[[nodiscard]] Result<Answer> list_codes(const Arguments& arguments);

[[nodiscard]] Result<Answer> synchronise(const Arguments& arguments);
[[nodiscard]] Result<Answer> rescue(const Arguments& arguments);
[[nodiscard]] Result<Answer> receive(const Arguments& arguments);
[[nodiscard]] Result<Answer> show_status(const Arguments& arguments);

/// Looks the command up and runs it.
[[nodiscard]] Result<Answer> run_command(const Arguments& arguments);

}  // namespace lantaarn::firmware::cli
