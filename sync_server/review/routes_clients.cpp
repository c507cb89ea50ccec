// Women: finding one, her dossier, and what is changed about her.
#include <algorithm>
#include <boost/json.hpp>

#include "sync_server/admin/commands.hpp"
#include "sync_server/review/body.hpp"
#include "sync_server/review/dossier_parts.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using access::Action;
using admin::Answer;
using admin::Arguments;
using admin::Output;

Arguments about_her(const RouteCall& call) { return Arguments{"client show", {{"client", {call.param("client")}}}, {}}; }

Answer show_dossier(RouteCall& call) { return admin::show_client(call.context, about_her(call)); }

Result<Arguments> for_her(const RouteCall& call, Result<Arguments> arguments) {
  if (arguments.ok()) arguments->values["client"] = {call.param("client")};
  return arguments;
}

constexpr Member kNew[] = {{"alias", "alias", true},         {"status", "status"},   {"intensity", "intensity"},
                           {"primary", "primary"},           {"second", "second"},   {"from", "from"}};
constexpr Member kChanged[] = {{"status", "status"},           {"closed_reason", "closed-reason"}, {"intensity", "intensity"},
                               {"safe_contact", "safe-contact"}, {"primary", "primary"},           {"second", "second"},
                               {"given_names", "given-names"}, {"family_names", "family-names"},   {"birth_year", "birth-year"},
                               {"birth_month", "birth-month"}, {"birth_day", "birth-day"}};
constexpr Member kFrom[] = {{"from", "from"}};
constexpr Member kAlias[] = {{"alias", "alias", true}};
constexpr Member kAssigned[] = {{"primary", "primary", true}, {"second", "second"}};
constexpr Member kDue[] = {{"due", "due", true}, {"text", "text", true}, {"kind", "kind"}, {"owner", "owner"}};
constexpr Member kGround[] = {{"ground", "ground", true}};
constexpr Member kKind[] = {{"kind", "kind", true}};

Result<Arguments> add(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, command_of(call, "client add", kNew));
  if (call.request.flag("new")) arguments.values["new"] = {"1"};
  return arguments;
}

Result<Arguments> change(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "client set", kChanged, Empty::kTakenAway));
  LANTAARN_ASSIGN(const Arguments from, command_of(call, "", kFrom));
  arguments.values.insert(from.values.begin(), from.values.end());
  return for_her(call, std::move(arguments));
}

Result<Arguments> assign(RouteCall& call) { return for_her(call, decision_of(call, "client set", kAssigned, Empty::kTakenAway)); }
Result<Arguments> name(RouteCall& call) { return for_her(call, command_of(call, "client name", kAlias)); }
Result<Arguments> plan(RouteCall& call) { return for_her(call, command_of(call, "follow-up add", kDue)); }
Result<Arguments> decide_erasure(RouteCall& call) { return for_her(call, decision_of(call, "erasure decide", kGround)); }

Result<Arguments> finish(RouteCall& call) {
  Arguments arguments{"follow-up done", {{"follow_up", {call.param("follow_up")}}}, {}};
  return arguments;
}

Result<Arguments> add_record(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, for_her(call, command_of(call, "record add", kKind)));
  LANTAARN_TRY(put_fields(call, arguments));
  return arguments;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "clients", "clients", Action::kExecute, "search", search_clients, nullptr},
    {Method::kPost, "clients", "client add", Action::kCreate, "dossier", nullptr, add},
    {Method::kGet, "clients/{client}", "client show", Action::kRead, "dossier", show_dossier, nullptr},
    {Method::kGet, "clients/{client}/summary", "page summary", Action::kRead, "dossier", show_summary, nullptr},
    {Method::kGet, "clients/{client}/timeline", "client show", Action::kRead, "dossier", show_timeline, nullptr},
    {Method::kGet, "clients/{client}/export", "page export", Action::kExecute, "export", export_dossier, nullptr},
    {Method::kPatch, "clients/{client}", "client set", Action::kUpdate, "dossier", nullptr, change},
    {Method::kPut, "clients/{client}/assignment", "page assignment", Action::kUpdate, "dossier", nullptr, assign},
    {Method::kPost, "clients/{client}/names", "client name", Action::kUpdate, "dossier", nullptr, name},
    {Method::kPost, "clients/{client}/records", "record add", Action::kCreate, "record", nullptr, add_record},
    {Method::kPost, "clients/{client}/follow-ups", "follow-up add", Action::kCreate, "follow-up", nullptr, plan},
    {Method::kPost, "follow-ups/{follow_up}/done", "follow-up done", Action::kUpdate, "follow-up", nullptr, finish},
    {Method::kPost, "clients/{client}/erasure", "erasure decide", Action::kUpdate, "erasure", nullptr, decide_erasure},
};

constexpr std::string_view kAccessesAtOnce = "500";

// A piece of the access log after the other, as its own route gives it.
Result<json::array> accesses_to(RouteCall& call) {
  const auto rows = access_log_routes();
  const auto* log = std::find_if(rows.data(), rows.data() + rows.size(), [](const Route& row) { return row.path == "clients/{client}/accesses"; });
  json::array accesses;
  Request request = call.request;
  request.query = {{"limit", std::string(kAccessesAtOnce)}};
  while (true) {
    RouteCall asked{call.context, request, call.path, call.client, call.desk};
    LANTAARN_ASSIGN(Output piece, log->run(asked));
    auto& document = piece.document.as_object();
    for (auto& entry : document.at("entries").as_array()) accesses.push_back(std::move(entry));
    const json::value& next = document.at("next");
    if (next.is_null()) return accesses;
    request.query["before"] = json::serialize(next);
  }
}

}  // namespace

// What the dossier shows on the screen, and who looked (GDPR 15; NEN 7513): as the access log says it, to its beginning.
Answer export_dossier(RouteCall& call) {
  LANTAARN_ASSIGN(Output dossier, admin::show_client(call.context, about_her(call)));
  json::object document = std::move(dossier.document.as_object());
  document["made_on"] = call.context.today();
  LANTAARN_ASSIGN(document["accesses"], accesses_to(call));
  return Output{std::move(document), {}, dossier.opened};
}

std::span<const Route> client_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
