#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/review/dossier_parts.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using admin::Answer;
using admin::Output;
using admin::text_or_null;

constexpr std::size_t kNotesLookedAt = 5;

// Names of staff stand in memory: no row is opened for them.
json::value staff_name(const Directory& directory, const std::optional<UserId>& id) {
  const auto user = id ? directory.user(*id) : std::nullopt;
  return user ? json::value(user->name) : json::value(nullptr);
}

Result<json::value> consent_of(Registry& registry, const ClientId& client) {
  LANTAARN_ASSIGN(const auto newest, registry.newest_records(client, "consent", 1));
  if (newest.empty()) return json::value(nullptr);
  auto values = admin::values_of(newest.front());
  return json::value(json::object{{"state", values["state"]}, {"date", values["date"]}, {"scope", values["scope"]}, {"how", text_or_null(values["how"])}});
}

// What was agreed with her to be minded, for as long as that lasts.
Result<json::array> attention_of(Registry& registry, const ClientId& client, const std::string& today) {
  LANTAARN_ASSIGN(const auto notes, registry.newest_records(client, "attention_note", kNotesLookedAt));
  json::array standing;
  for (const Record& note : notes) {
    auto values = admin::values_of(note);
    if (values["until"] < today) continue;
    standing.push_back(json::object{{"text", values["text"]}, {"until", values["until"]}});
  }
  return standing;
}

}  // namespace

Answer show_summary(RouteCall& call) {
  Registry& registry = call.context.registry;
  if (!call.client) return refused("client_not_found");
  LANTAARN_ASSIGN(const auto client, admin::visible_client(call.context, *call.client));
  if (!client) return refused("client_not_found");
  LANTAARN_ASSIGN(const Directory* directory, call.context.merger.directory());
  LANTAARN_ASSIGN(const auto counts, registry.dossier_counts(client->id));
  json::object document{{"client_id", client->id.hex()},
                        {"name", client->aliases.empty() ? json::value(nullptr) : json::value(client->aliases.front())},
                        {"aliases", json::array(client->aliases.begin(), client->aliases.end())},
                        {"status", client->status},
                        {"intensity", text_or_null(client->intensity)},
                        {"safe_contact", text_or_null(value_of(client->fields, "safe_contact"))},
                        {"primary_contact_name", staff_name(*directory, client->primary_contact)},
                        {"second_contact_name", staff_name(*directory, client->second_contact)},
                        {"last_spoken_date", text_or_null(client->last_spoken_date)},
                        {"contacts", counts.contacts},
                        {"records", counts.records},
                        {"follow_ups_open", counts.follow_ups_open},
                        {"consent", nullptr},
                        {"attention", json::array()}};
  if (counts.records != 0) {
    LANTAARN_ASSIGN(document["consent"], consent_of(registry, client->id));
    LANTAARN_ASSIGN(document["attention"], attention_of(registry, client->id, call.context.today()));
  }
  return Output{std::move(document), {}, client->id};
}

}  // namespace lantaarn::server::review
