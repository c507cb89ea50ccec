#pragma once
// The commands: plain functions from what was asked to what is answered. They run in whichever process holds the
// folder: this one, or the server that is serving.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Finds out who asks, holds her to her role (roles.hpp), runs the command, and where it opened a woman's record writes
/// that down (DossierOpened) before the answer goes out. Errors: kRefused "as_needed", "reason_needed",
/// "role_not_allowed", "user_not_found", and those of the command.
[[nodiscard]] Answer run_command(Context& context, const Arguments& arguments);

/// The first half of it alone: fills in who asks, or says why not.
[[nodiscard]] Status identify(Context& context, const Arguments& arguments);

[[nodiscard]] Answer add_user(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_users(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_device(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_device_user(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_devices(Context& context, const Arguments& arguments);
[[nodiscard]] Answer revoke_device(Context& context, const Arguments& arguments);
[[nodiscard]] Answer give_directive(Context& context, const Arguments& arguments);
[[nodiscard]] Answer set_terms(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_code(Context& context, const Arguments& arguments);
[[nodiscard]] Answer withdraw_code(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_codes(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_client(Context& context, const Arguments& arguments);
[[nodiscard]] Answer set_client(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_clients(Context& context, const Arguments& arguments);
[[nodiscard]] Answer name_client(Context& context, const Arguments& arguments);
[[nodiscard]] Answer show_client(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_record(Context& context, const Arguments& arguments);
[[nodiscard]] Answer change_record(Context& context, const Arguments& arguments);
[[nodiscard]] Answer retract_record(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_records(Context& context, const Arguments& arguments);
[[nodiscard]] Answer escalation_message(Context& context, const Arguments& arguments);
[[nodiscard]] Answer link_clients(Context& context, const Arguments& arguments);
[[nodiscard]] Answer unlink_clients(Context& context, const Arguments& arguments);
[[nodiscard]] Answer keep_clients_apart(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_matches(Context& context, const Arguments& arguments);
[[nodiscard]] Answer share_contacts(Context& context, const Arguments& arguments);
[[nodiscard]] Answer keep_contacts_apart(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_shared(Context& context, const Arguments& arguments);
/// Of the page: a value of a contested field; what was decided, and one of those taken back; what is still to be done.
[[nodiscard]] Answer choose_value(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_decisions(Context& context, const Arguments& arguments);
[[nodiscard]] Answer undo_decision(Context& context, const Arguments& arguments);
[[nodiscard]] Answer add_follow_up(Context& context, const Arguments& arguments);
[[nodiscard]] Answer finish_follow_up(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_out_of_sight(Context& context, const Arguments& arguments);
[[nodiscard]] Answer decide_erasure(Context& context, const Arguments& arguments);
[[nodiscard]] Answer execute_erasure(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_erasures(Context& context, const Arguments& arguments);
[[nodiscard]] Answer run_retention(Context& context, const Arguments& arguments);
[[nodiscard]] Answer set_retention(Context& context, const Arguments& arguments);
[[nodiscard]] Answer import_file(Context& context, const Arguments& arguments);
[[nodiscard]] Answer import_migration(Context& context, const Arguments& arguments);
[[nodiscard]] Answer export_migration(Context& context, const Arguments& arguments);
[[nodiscard]] Answer show_migration_key(Context& context, const Arguments& arguments);
[[nodiscard]] Answer export_csv(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_contacts(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_review(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_quarantine(Context& context, const Arguments& arguments);
[[nodiscard]] Answer admit_entries(Context& context, const Arguments& arguments);
[[nodiscard]] Answer take_rescue(Context& context, const Arguments& arguments);
[[nodiscard]] Answer merge_inbox(Context& context, const Arguments& arguments);
[[nodiscard]] Answer show_overview(Context& context, const Arguments& arguments);
[[nodiscard]] Answer init_backup(Context& context, const Arguments& arguments);
[[nodiscard]] Answer create_backup(Context& context, const Arguments& arguments);
[[nodiscard]] Answer prune_backups(Context& context, const Arguments& arguments);
[[nodiscard]] Answer show_backup_status(Context& context, const Arguments& arguments);
[[nodiscard]] Answer note_drill(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_keys(Context& context, const Arguments& arguments);
[[nodiscard]] Answer rotate_server_key(Context& context, const Arguments& arguments);
[[nodiscard]] Answer destroy_server_key(Context& context, const Arguments& arguments);
[[nodiscard]] Answer list_key_events(Context& context, const Arguments& arguments);
[[nodiscard]] Answer show_digest(Context& context, const Arguments& arguments);
[[nodiscard]] Answer verify_rebuild(Context& context, const Arguments& arguments);

}  // namespace lantaarn::server::admin
