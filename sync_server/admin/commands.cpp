#include "sync_server/admin/commands.hpp"

#include <algorithm>
#include <iterator>

#include "common/model/fields.hpp"
#include "common/model/limits.hpp"
#include "sync_server/admin/backups.hpp"
#include "sync_server/admin/health.hpp"
#include "sync_server/admin/breach.hpp"
#include "sync_server/admin/lookup.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/admin/recovery.hpp"

namespace lantaarn::server::admin {
namespace {

struct Entry {
  std::string_view command;
  Answer (*run)(Context&, const Arguments&);
};

Answer check_here(Context& context, const Arguments&) { return check_server(context, nullptr); }

constexpr Entry kCommands[] = {
    {"user add", add_user},           {"user list", list_users},
    {"device add", add_device},       {"device add-user", add_device_user},
    {"device list", list_devices},    {"device revoke", revoke_device},
    {"device lock", give_directive},  {"device unlock", give_directive},
    {"device wipe", give_directive},  {"device revoke-user", give_directive},
    {"device renew-keys", give_directive}, {"device terms", set_terms},
    {"codes add", add_code},          {"codes withdraw", withdraw_code},
    {"codes list", list_codes},
    {"client add", add_client},       {"client set", set_client},
    {"client name", name_client},     {"client show", show_client},
    {"client link", link_clients},    {"client unlink", unlink_clients},
    {"client apart", keep_clients_apart}, {"matches", list_matches},
    {"contact share", share_contacts}, {"contact apart", keep_contacts_apart},
    {"contacts shared", list_shared}, {"out-of-sight", list_out_of_sight},
    {"review choose", choose_value},  {"review undo", undo_decision},
    {"follow-up add", add_follow_up}, {"follow-up done", finish_follow_up},
    {"record add", add_record},       {"record change", change_record},
    {"record retract", retract_record}, {"records", list_records},
    {"escalation message", escalation_message},
    {"erasure decide", decide_erasure}, {"erasure execute", execute_erasure},
    {"erasures", list_erasures},
    {"retention", run_retention},     {"retention set", set_retention},
    {"import", import_file},          {"import migration", import_migration},
    {"export migration", export_migration}, {"export csv", export_csv},
    {"migration key", show_migration_key},
    {"device lost", report_lost},     {"device breach-sheet", breach_sheet},
    {"recovery create", create_recovery}, {"recovery show", show_recovery},
    {"clients", list_clients},        {"contacts", list_contacts},
    {"review", list_review},          {"quarantine", list_quarantine},
    {"quarantine admit", admit_entries}, {"merge", merge_inbox},
    {"rescue", take_rescue},
    {"overview", show_overview},      {"digest", show_digest},
    {"rebuild", verify_rebuild},      {"check", check_here},
    {"backup init", init_backup},     {"backup create", create_backup},
    {"backup prune", prune_backups},  {"backup status", show_backup_status},
    {"backup drilled", note_drill},
    {"key list", list_keys},          {"key rotate", rotate_server_key},
    {"key destroy", destroy_server_key}, {"key log", list_key_events},
};

Status note_opening(Context& context, const Arguments& arguments, const Output& output) {
  model::Event event = context.new_event();
  auto& opened = *event.mutable_dossier_opened();
  std::string what = arguments.command;
  std::replace(what.begin(), what.end(), ' ', '_');
  opened.set_what(what);
  opened.set_reason(context.reason);
  if (output.opened) opened.set_client_id(model::id_field(*output.opened));
  auto noted = context.record({event});
  if (!noted.ok()) return noted.error();
  return {};
}

}  // namespace

Status identify(Context& context, const Arguments& arguments) {
  context.person.reset();
  context.reason = arguments.one("reason");
  if (arguments.page) {
    context.let_in = arguments.page->let_in;
    context.hidden = arguments.page->hidden;
  }
  if (arguments.has("as")) {
    LANTAARN_ASSIGN(context.person, find_user(context.registry, arguments.one("as")));
  }
  LANTAARN_ASSIGN(const std::string rule, rule_of(context, arguments));
  LANTAARN_ASSIGN(context.opens, authorise(rule, context.person ? context.person->role : ""));
  if (context.reason.empty() && names_a_person(rule)) return refused("reason_needed");
  const auto characters = model::characters_in(context.reason);
  if (!characters) return refused("text_invalid");
  if (*characters > model::kReasonCharactersMax) return refused("text_too_long", {std::to_string(model::kReasonCharactersMax)});
  return {};
}

Answer run_command(Context& context, const Arguments& arguments) {
  const auto* entry =
      std::find_if(std::begin(kCommands), std::end(kCommands), [&](const Entry& e) { return e.command == arguments.command; });
  if (entry == std::end(kCommands)) return bug("admin: no command " + arguments.command);
  LANTAARN_TRY(identify(context, arguments));
  Answer answer = entry->run(context, arguments);
  const bool is_noted = arguments.page.has_value();
  if (answer.ok() && !is_noted && context.opens != Opens::kNothing) LANTAARN_TRY(note_opening(context, arguments, *answer));
  // Not before somebody has looked: whoever ships says so after this.
  if (answer.ok() && waits_for_shipping(arguments)) {
    LANTAARN_ASSIGN(const auto target, backup::stored_target(context.registry));
    say_shipped(*answer, target ? IsShipped::kNotYet : IsShipped::kNoTarget);
  }
  return answer;
}

}  // namespace lantaarn::server::admin
