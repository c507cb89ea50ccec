#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/decisions.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/merge/own_log.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using model::Event;

constexpr std::size_t kHistoryDefault = 50, kHistoryMax = 500;

template <typename Changes>
bool settles(const Changes& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const auto& change) { return change.heads_size() > 1; });
}

void add_client(Decision& decision, const std::string& raw) {
  if (const auto id = ClientId::from(raw)) decision.clients.push_back(*id);
}

Status add_client_of_contact(Context& context, Decision& decision, const std::string& raw) {
  const auto id = EventId::from(raw);
  if (!id) return {};
  LANTAARN_ASSIGN(const auto contact, context.registry.contact(*id));
  if (contact && contact->client) decision.clients.push_back(*contact->client);
  return {};
}

Status add_client_of_record(Context& context, Decision& decision, const std::string& raw) {
  const auto id = EventId::from(raw);
  if (!id) return {};
  LANTAARN_ASSIGN(const auto record, context.registry.record(*id));
  if (record && record->client) decision.clients.push_back(*record->client);
  return {};
}

void read_unlinked(Context& context, Decision& decision) {
  const auto& fact = decision.event.clients_unlinked();
  decision.what = fact.edges().empty() ? "apart" : fact.apart().empty() ? "undone" : "unlinked";
  decision.reason = fact.reason();
  const auto directory = context.merger.directory();
  if (!directory.ok()) return;
  for (const auto& [first, second] : (*directory)->clusters().pairs_of(decision.id)) {
    decision.clients.push_back(first);
    decision.clients.push_back(second);
  }
}

Status read_contacts_apart(Context& context, Decision& decision) {
  const auto& fact = decision.event.contacts_kept_apart();
  decision.what = "contacts_apart";
  decision.reason = fact.reason();
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const Conversations& conversations = directory->conversations();
  const auto first = EventId::from(fact.first()), second = EventId::from(fact.second());
  if (first && second && conversations.holds(decision.id) && !conversations.are_apart(*first, *second)) decision.what = "undone";
  LANTAARN_TRY(add_client_of_contact(context, decision, fact.first()));
  return add_client_of_contact(context, decision, fact.second());
}

Status read_choice(Context& context, Decision& decision) {
  const Event& event = decision.event;
  decision.what = "chosen";
  if (event.has_client_changed()) {
    add_client(decision, event.client_changed().client_id());
    decision.reason = event.client_changed().reason();
    return {};
  }
  if (event.has_contact_amended()) {
    decision.reason = event.contact_amended().reason();
    return add_client_of_contact(context, decision, event.contact_amended().contact());
  }
  decision.reason = event.record_changed().reason();
  return add_client_of_record(context, decision, event.record_changed().record());
}

Status read_fact(Context& context, Decision& decision) {
  const Event& event = decision.event;
  switch (event.fact_case()) {
    case Event::kClientsLinked:
      decision.what = "linked";
      decision.reason = event.clients_linked().reason();
      add_client(decision, event.clients_linked().first());
      add_client(decision, event.clients_linked().second());
      return {};
    case Event::kClientsUnlinked: read_unlinked(context, decision); return {};
    case Event::kContactsShared:
      decision.what = "shared";
      decision.reason = event.contacts_shared().reason();
      for (const auto& contact : event.contacts_shared().contacts()) LANTAARN_TRY(add_client_of_contact(context, decision, contact));
      return {};
    case Event::kContactsKeptApart: return read_contacts_apart(context, decision);
    case Event::kEntriesAdmitted:
      decision.what = "admitted";
      decision.reason = event.entries_admitted().reason();
      return {};
    case Event::kClientChanged: return settles(event.client_changed().changes()) ? read_choice(context, decision) : Status{};
    case Event::kContactAmended: return settles(event.contact_amended().changes()) ? read_choice(context, decision) : Status{};
    case Event::kRecordChanged: return settles(event.record_changed().changes()) ? read_choice(context, decision) : Status{};
    default: return {};
  }
}

}  // namespace

const std::vector<int>& decision_kinds() {
  static const std::vector<int> kKinds = {Event::kClientsLinked,     Event::kClientsUnlinked, Event::kContactsShared, Event::kContactsKeptApart,
                                          Event::kEntriesAdmitted,   Event::kClientChanged,   Event::kContactAmended, Event::kRecordChanged};
  return kKinds;
}

Result<std::optional<Decision>> decision_in(Context& context, const StoredEntry& entry) {
  Decision decision;
  decision.id = entry.event;
  decision.at_ms = entry.recorded_ms;
  decision.by = entry.author;
  LANTAARN_ASSIGN(decision.event, model::decode_event(entry.bytes));
  LANTAARN_TRY(read_fact(context, decision));
  std::sort(decision.clients.begin(), decision.clients.end());
  decision.clients.erase(std::unique(decision.clients.begin(), decision.clients.end()), decision.clients.end());
  return decision.what.empty() ? std::optional<Decision>{} : std::optional(std::move(decision));
}

Answer list_decisions(Context& context, const Arguments& arguments) {
  std::size_t limit = kHistoryDefault;
  const std::string typed = arguments.one("limit");
  std::from_chars(typed.data(), typed.data() + typed.size(), limit);
  limit = std::min(limit, kHistoryMax);
  LANTAARN_ASSIGN(const auto entries, context.registry.newest_entries(device_of(context.keys.server.id), decision_kinds(), 4 * limit));
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array documents;
  for (const StoredEntry& entry : entries) {
    if (documents.size() == limit) break;
    LANTAARN_ASSIGN(const auto decision, decision_in(context, entry));
    if (!decision) continue;
    const auto& clients = decision->clients;
    if (std::any_of(clients.begin(), clients.end(), [&](const ClientId& one) { return !may_see(context, {}, one); })) continue;
    LANTAARN_ASSIGN(const bool undoes, can_undo(context, *decision));
    json::array ids;
    for (const ClientId& client : clients) ids.emplace_back(client.hex());
    documents.push_back(json::object{{"event_id", decision->id.hex()},
                                     {"what", decision->what},
                                     {"at", instant(decision->at_ms)},
                                     {"by", decision->by.hex()},
                                     {"by_name", names.user(decision->by)},
                                     {"reason", text_or_null(decision->reason)},
                                     {"client_ids", std::move(ids)},
                                     {"can_undo", undoes}});
  }
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
