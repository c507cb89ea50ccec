// One woman's record, whole.
#include <algorithm>
#include <boost/json.hpp>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

json::value score_or_null(const std::optional<int>& score) { return score ? json::value(*score) : json::value(nullptr); }

// Per instrument version, its first and its last assessment.
json::array zrm_documents(const std::vector<Record>& records) {
  std::map<std::string, std::vector<model::FieldValues>> by_instrument;
  for (const Record& record : records) {
    if (record.kind != "zrm_assessment") continue;
    auto values = values_of(record);
    by_instrument[values["instrument"]].push_back(std::move(values));
  }
  json::array documents;
  for (const auto& [instrument, assessments] : by_instrument) {
    json::array domains;
    for (const auto& change : model::zrm_changes(assessments.front(), assessments.back())) {
      domains.push_back(json::object{{"domain", change.domain}, {"first", score_or_null(change.first)}, {"last", score_or_null(change.last)}});
    }
    documents.push_back(json::object{{"instrument", instrument},
                                     {"assessments", assessments.size()},
                                     {"first_date", assessments.front().at("date")},
                                     {"last_date", assessments.back().at("date")},
                                     {"domains", std::move(domains)}});
  }
  return documents;
}

// What she agreed to last: the newest by date, then by when it was written down.
json::value consent_document(const std::vector<Record>& records) {
  const Record* newest = nullptr;
  const auto order = [](const Record& record) { return std::tuple(values_of(record)["date"], record.recorded_ms, record.id); };
  for (const Record& record : records) {
    if (record.kind == "consent" && (newest == nullptr || order(*newest) < order(record))) newest = &record;
  }
  if (newest == nullptr) return nullptr;
  auto values = values_of(*newest);
  return json::object{{"state", values["state"]}, {"date", values["date"]}, {"scope", values["scope"]}, {"record_id", newest->id.hex()}};
}

}  // namespace

Answer show_client(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(const auto tariffs, time_out_tariffs(context.registry));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const std::string name = client.aliases.empty() ? std::string() : client.aliases.front();

  json::array members, contacts, follow_ups, documents;
  for (const ClientId& member : directory->clusters().members_of(client.id)) members.emplace_back(member.hex());
  LANTAARN_TRY(context.registry.contacts({client.id}, [&](const Contact& contact) -> Status {
    contacts.push_back(contact_document(contact, name, names));
    return {};
  }));
  LANTAARN_TRY(context.registry.follow_ups(client.id, true, [&](const FollowUp& follow_up) -> Status {
    follow_ups.push_back(follow_up_document(follow_up, names));
    return {};
  }));
  std::vector<Record> records;
  RecordFilter filter;
  filter.client = client.id;
  LANTAARN_TRY(context.registry.records(filter, [&](const Record& record) -> Status {
    records.push_back(record);
    documents.push_back(record_document(record, names, context.today(), tariffs));
    return {};
  }));
  return Output{json::object{{"client", client_document(client, names)},
                             {"clients", std::move(members)},
                             {"contacts", std::move(contacts)},
                             {"follow_ups", std::move(follow_ups)},
                             {"records", std::move(documents)},
                             {"consent", consent_document(records)},
                             {"zrm", zrm_documents(records)}},
                {},
                client.id};
}

}  // namespace lantaarn::server::admin
