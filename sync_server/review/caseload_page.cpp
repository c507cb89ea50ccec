#include "sync_server/review/caseload_page.hpp"

#include <boost/json.hpp>
#include <map>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/remembered.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

bool may_look_after(const UserView& user) { return user.role == "case_manager" || user.role == "coordinator" || user.role == "expert_by_experience"; }

struct Woman {
  ClientId id;
  std::string name, intensity, last_spoken_date;
  std::optional<UserId> primary, second;
};

json::object woman_document(const Woman& woman, const admin::Names& names) {
  return {{"client_id", woman.id.hex()},
          {"name", admin::text_or_null(woman.name)},
          {"intensity", admin::text_or_null(woman.intensity)},
          {"last_spoken_date", admin::text_or_null(woman.last_spoken_date)},
          {"second_contact", woman.second ? json::value(woman.second->hex()) : json::value(nullptr)},
          {"second_contact_name", woman.second ? json::value(names.user(*woman.second)) : json::value(nullptr)}};
}

// Everybody's, from what stands in clear and the names that are remembered: no dossier is opened for it.
Result<std::vector<Woman>> all_women(admin::Context& context) {
  LANTAARN_TRY(context.remembered->names.refresh(context.registry));
  LANTAARN_ASSIGN(const auto rows, context.registry.clear_clients());
  std::vector<Woman> women;
  for (const auto& row : rows) {
    if (row.status != "in_view" || admin::is_hidden(context, row.id)) continue;
    women.push_back({row.id, std::string(context.remembered->names.name_of(row.id)), row.intensity,
                     row.last_spoken_day ? to_string(from_day_number(*row.last_spoken_day)) : std::string(), row.primary_contact, row.second_contact});
  }
  return women;
}

Result<std::vector<Woman>> own_women(admin::Context& context) {
  LANTAARN_ASSIGN(const auto clients, admin::visible_clients(context));
  std::vector<Woman> women;
  for (const Client& client : clients) {
    if (client.status != "in_view") continue;
    women.push_back({client.id, client.aliases.empty() ? std::string() : client.aliases.front(), client.intensity, client.last_spoken_date,
                     client.primary_contact, client.second_contact});
  }
  return women;
}

}  // namespace

admin::Answer show_caseload(RouteCall& call) {
  const bool is_whole = call.context.opens == admin::Opens::kAllRecords;
  LANTAARN_ASSIGN(const auto women, is_whole ? all_women(call.context) : own_women(call.context));
  LANTAARN_ASSIGN(auto users, call.context.registry.users());
  LANTAARN_ASSIGN(const admin::Names names, admin::Names::load(call.context.registry));
  std::map<UserId, json::array> of;
  json::array unassigned;
  for (const Woman& woman : women) {
    (woman.primary ? of[*woman.primary] : unassigned).push_back(woman_document(woman, names));
    call.opened.push_back(woman.id);
  }
  admin::sort_by_name(users);
  json::array people;
  for (const UserView& user : users) {
    auto hers = of.find(user.id);
    if (hers == of.end() && !may_look_after(user)) continue;
    people.push_back(json::object{{"user_id", user.id.hex()},
                                  {"name", user.name},
                                  {"role", user.role},
                                  {"clients", hers == of.end() ? json::array() : std::move(hers->second)}});
  }
  return admin::Output{json::object{{"people", std::move(people)}, {"unassigned", std::move(unassigned)}}, {}};
}

}  // namespace lantaarn::server::review
