#pragma once
// What makes an event acceptable. The handheld checks before it saves; the merge checks again and sets apart
// (quarantine) what a broken or hostile handheld sent. Nothing is refused because of its time.

#include "common/model/event.hpp"

namespace lantaarn::model {

/// kRefused with the first rule broken: "unknown_code", "note_too_long", "alias_empty", "alias_too_long",
/// "text_too_long", "text_invalid", "minutes_invalid", "time_invalid", "date_invalid", "reason_needed",
/// "id_invalid", "field_invalid", "count_invalid", "too_many", "same_twice", "client_needed", "client_not_named_here",
/// and those of check_record.
/// An unknown fact, or a record of an unknown kind, passes: it is kept until a program that knows it comes.
[[nodiscard]] Status validate_event(const Event& event);

/// True for facts that only the server's own log may state.
[[nodiscard]] bool is_server_fact(const Event& event);

}  // namespace lantaarn::model
