// People, handhelds, terms, copies, keys: nothing about a woman but how many a lost handheld concerns.
#include <boost/json.hpp>

#include "sync_server/admin/breach.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/health.hpp"
#include "sync_server/review/body.hpp"

namespace lantaarn::server::review {
namespace {

using access::Action;
using admin::Answer;
using admin::Arguments;

Answer list_users(RouteCall& call) { return admin::list_users(call.context, {}); }
Answer list_devices(RouteCall& call) { return admin::list_devices(call.context, {}); }
Answer list_retention(RouteCall& call) { return admin::run_retention(call.context, Arguments{"retention", {{"due", {"1"}}}, {}}); }
Answer list_erasures(RouteCall& call) { return admin::list_erasures(call.context, {}); }
Answer list_keys(RouteCall& call) { return admin::list_keys(call.context, {}); }
Answer list_key_events(RouteCall& call) { return admin::list_key_events(call.context, {}); }
Answer show_health(RouteCall& call) { return admin::glance_at_server(call.context, nullptr); }

Answer show_breach_sheet(RouteCall& call) {
  const Arguments arguments{"device breach-sheet", {{"name", {call.param("device")}}}, {}};
  LANTAARN_TRY(narrow(call, arguments));
  return admin::breach_sheet(call.context, arguments);
}

// A running server knows more of its copies than its registry does.
Result<Arguments> show_backups(RouteCall&) { return Arguments{"backup status", {}, {}}; }
Result<Arguments> make_backup(RouteCall&) { return Arguments{"backup create", {}, {}}; }
Result<Arguments> apply_retention(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "retention", {}));
  arguments.values["apply"] = {"1"};
  return arguments;
}
Result<Arguments> execute_erasure(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "erasure execute", {}));
  arguments.values["decision"] = {call.param("decision")};
  return arguments;
}

constexpr Member kTerm[] = {{"retention", "retention", true}, {"days", "days", true}};
constexpr Member kUser[] = {{"name", "name", true}, {"role", "role", true}};
constexpr Member kDevice[] = {{"name", "name", true}, {"users", "users", true}, {"server", "server", true}};
constexpr Member kDeviceUser[] = {{"user", "user", true}, {"server", "server"}};
constexpr Member kRevokedUser[] = {{"user", "user"}};
constexpr Member kLost[] = {{"missed_since", "since", true}};
constexpr Member kTerms[] = {{"lease_days", "lease-days"}, {"lease_boots", "boots"},         {"strict", "strict"},
                             {"duress_pin", "duress-pin"}, {"wrong_pins", "wrong-pins"}};

Result<Arguments> set_term(RouteCall& call) { return decision_of(call, "retention set", kTerm); }
Result<Arguments> add_user(RouteCall& call) { return command_of(call, "user add", kUser); }

// The ticket comes back with the answer; it is written where the page's person keeps it.
Result<Arguments> with_ticket(Result<Arguments> arguments) {
  if (arguments.ok()) arguments->values["ticket"] = {"lantaarn.ticket"};
  return arguments;
}
Result<Arguments> add_device(RouteCall& call) { return with_ticket(command_of(call, "device add", kDevice)); }

Result<Arguments> of_device(const RouteCall& call, Result<Arguments> arguments) {
  if (arguments.ok()) arguments->values["name"] = {call.param("device")};
  return arguments;
}
Result<Arguments> add_device_user(RouteCall& call) { return with_ticket(of_device(call, command_of(call, "device add-user", kDeviceUser))); }
Result<Arguments> lock(RouteCall& call) { return of_device(call, decision_of(call, "device lock", {})); }
Result<Arguments> unlock(RouteCall& call) { return of_device(call, decision_of(call, "device unlock", {})); }
Result<Arguments> wipe(RouteCall& call) { return of_device(call, decision_of(call, "device wipe", {})); }
Result<Arguments> renew_keys(RouteCall& call) { return of_device(call, decision_of(call, "device renew-keys", {})); }
Result<Arguments> report_lost(RouteCall& call) { return of_device(call, decision_of(call, "device lost", kLost)); }
Result<Arguments> set_terms(RouteCall& call) { return of_device(call, decision_of(call, "device terms", kTerms)); }

Result<Arguments> set_terms_of_all(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "device terms", kTerms));
  arguments.values["all"] = {"1"};
  return arguments;
}

// A handheld, or one of its users.
Result<Arguments> revoke(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, of_device(call, decision_of(call, "device revoke", kRevokedUser)));
  if (arguments.has("user")) arguments.command = "device revoke-user";
  return arguments;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "users", "user list", Action::kRead, "user", list_users, nullptr},
    {Method::kPost, "users", "user add", Action::kCreate, "user", nullptr, add_user},
    {Method::kGet, "devices", "device list", Action::kRead, "device", list_devices, nullptr},
    {Method::kPost, "devices", "device add", Action::kCreate, "device", nullptr, add_device},
    {Method::kPost, "devices/{device}/users", "device add-user", Action::kUpdate, "device", nullptr, add_device_user},
    {Method::kPost, "devices/{device}/lock", "device lock", Action::kUpdate, "device", nullptr, lock},
    {Method::kPost, "devices/{device}/unlock", "device unlock", Action::kUpdate, "device", nullptr, unlock},
    {Method::kPost, "devices/{device}/wipe", "device wipe", Action::kUpdate, "device", nullptr, wipe},
    {Method::kPost, "devices/{device}/revoke", "device revoke", Action::kUpdate, "device", nullptr, revoke},
    {Method::kPost, "devices/{device}/renew-keys", "device renew-keys", Action::kUpdate, "device", nullptr, renew_keys},
    {Method::kPost, "devices/{device}/lost", "device lost", Action::kUpdate, "device", nullptr, report_lost},
    {Method::kPost, "devices/{device}/terms", "device terms", Action::kUpdate, "device", nullptr, set_terms},
    {Method::kPost, "devices/terms", "device terms", Action::kUpdate, "device", nullptr, set_terms_of_all},
    {Method::kGet, "devices/{device}/breach-sheet", "page breach sheet", Action::kExecute, "breach", show_breach_sheet, nullptr},
    {Method::kGet, "retention", "retention", Action::kRead, "retention", list_retention, nullptr},
    {Method::kPost, "retention/apply", "retention", Action::kDelete, "retention", nullptr, apply_retention},
    {Method::kPost, "retention/terms", "retention set", Action::kUpdate, "retention", nullptr, set_term},
    {Method::kGet, "erasures", "erasures", Action::kRead, "erasure", list_erasures, nullptr},
    {Method::kPost, "erasures/{decision}/execute", "erasure execute", Action::kDelete, "erasure", nullptr, execute_erasure},
    {Method::kGet, "backups", "backup status", Action::kRead, "backup", nullptr, show_backups},
    {Method::kPost, "backups", "backup create", Action::kCreate, "backup", nullptr, make_backup},
    {Method::kGet, "health", "page health", Action::kRead, "health", show_health, nullptr},
    {Method::kGet, "keys", "key list", Action::kRead, "key", list_keys, nullptr},
    {Method::kGet, "keys/log", "key log", Action::kRead, "key", list_key_events, nullptr},
};

}  // namespace

std::span<const Route> administration_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
