// Erasure (registry/FORMAT.md): the coordinator decides, the administrator executes without seeing whom. It is
// *pending*, with what remains, until no copy is left that this side can reach.
#include <algorithm>
#include <boost/json.hpp>

#include "common/model/codes.hpp"
#include "common/model/limits.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/erasure.hpp"
#include "sync_server/admin/key_rotation.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct Decision {
  EventId id;
  std::vector<ClientId> clients;
  std::string ground;
  std::int64_t decided_ms = 0;
  std::int64_t executed_ms = 0;   ///< 0: not yet
  EventId erasure = {};           ///< the ClientErased
  std::int64_t completed_ms = 0;  ///< 0: not yet
};

Result<std::vector<Decision>> decisions(Registry& registry) {
  std::vector<Decision> found;
  LANTAARN_ASSIGN(const auto decided, registry.entries_of_kind(model::Event::kErasureDecided));
  for (const StoredEntry& entry : decided) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    Decision decision{entry.event, {}, event.erasure_decided().ground(), entry.recorded_ms};
    for (const auto& client : event.erasure_decided().clients()) decision.clients.push_back(ClientId::from(client).value_or(ClientId{}));
    found.push_back(std::move(decision));
  }
  LANTAARN_ASSIGN(const auto executed, registry.entries_of_kind(model::Event::kClientErased));
  for (const StoredEntry& entry : executed) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    for (Decision& decision : found) {
      if (model::id_field(decision.id) != event.client_erased().decision()) continue;
      decision.executed_ms = entry.recorded_ms;
      decision.erasure = entry.event;
    }
  }
  LANTAARN_ASSIGN(const auto completed, registry.entries_of_kind(model::Event::kErasureCompleted));
  for (const StoredEntry& entry : completed) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    for (Decision& decision : found) {
      if (model::id_field(decision.erasure) == event.erasure_completed().erasure()) decision.completed_ms = entry.recorded_ms;
    }
  }
  return found;
}

// Contacts that say she is whom they are about without naming her: a correction gave them to her.
Result<std::vector<EventId>> about_her(Registry& registry, const ClientId& client) {
  std::vector<EventId> events;
  LANTAARN_TRY(registry.contacts({client}, [&](const Contact& contact) -> Status {
    if (contact.amended && events.size() < model::kEventsEndedMax) events.push_back(contact.id);
    return {};
  }));
  return events;
}

Result<model::Event> erased_event(Context& context, const EventId& decision, const std::vector<ClientId>& clients) {
  model::Event event = context.new_event();
  auto& erased = *event.mutable_client_erased();
  erased.set_decision(model::id_field(decision));
  for (const ClientId& client : clients) erased.add_clients(model::id_field(client));
  // Reads go through the cluster: its head answers for all.
  LANTAARN_ASSIGN(const auto events, about_her(context.registry, clients.front()));
  for (const EventId& one : events) erased.add_events(model::id_field(one));
  LANTAARN_ASSIGN(const auto counts, context.registry.counts_to_keep(clients.front()));
  for (const KeptCount& kept : counts) {
    if (static_cast<std::size_t>(erased.counts_size()) == model::kKeptCountsMax) break;
    auto* count = erased.add_counts();
    count->set_period(kept.period);
    count->set_channel(kept.channel);
    count->set_contacts(kept.contacts);
  }
  return event;
}

// Whoever has not been here since, with everything it had, may carry her card.
Result<bool> handhelds_may_hold(Registry& registry, std::int64_t executed_ms) {
  LANTAARN_ASSIGN(const auto holders, key_holders(registry));
  return std::any_of(holders.begin(), holders.end(), [&](const KeyHolder& holder) { return holder.since_ms <= executed_ms; });
}

// Entries that were dropped here and still lie sealed in the inbox, of whichever erasure.
Result<bool> inbox_holds(Context& context) {
  LANTAARN_ASSIGN(const auto whole, context.inbox.first_whole());
  bool holds = false;
  LANTAARN_TRY(context.registry.all_dropped([&](const StoredEntry& entry) -> Status {
    const auto log = whole.find({entry.place.device, entry.place.log});
    holds = holds || (log != whole.end() && entry.place.seq >= log->second);
    return {};
  }));
  return holds;
}

// Her copies elsewhere are sealed to keys that were in force until then; each has to be followed by another and go.
Result<bool> sealing_keys_left(Registry& registry, std::int64_t executed_ms) {
  LANTAARN_ASSIGN(const auto keys, stored_keys(registry, KeyKind::kSealing));
  return std::any_of(keys.begin(), keys.end(), [&](const StoredKey& key) { return key.secret && key.made_ms <= executed_ms; });
}

// What is known to hold a copy of her still that could be read. A revoked handheld is not waited for: what it holds is
// sealed to keys that go.
Result<std::vector<std::string>> remains_of(Context& context, const Decision& decision) {
  if (decision.executed_ms == 0) return std::vector<std::string>{"execution"};
  if (decision.completed_ms != 0) return std::vector<std::string>{};
  std::vector<std::string> remains;
  LANTAARN_ASSIGN(const bool handhelds, handhelds_may_hold(context.registry, decision.executed_ms));
  LANTAARN_ASSIGN(const bool inbox, inbox_holds(context));
  LANTAARN_ASSIGN(const bool sealing_key, sealing_keys_left(context.registry, decision.executed_ms));
  if (handhelds) remains.emplace_back("handhelds");
  if (inbox) remains.emplace_back("inbox");
  if (sealing_key) remains.emplace_back("sealing_key");
  return remains;
}

json::array to_json(const std::vector<std::string>& remains) { return json::array(remains.begin(), remains.end()); }

const char* state_of(const Decision& decision) {
  if (decision.executed_ms == 0) return "decided";
  return decision.completed_ms == 0 ? "pending" : "complete";
}

}  // namespace

Result<EventId> erase_clients(Context& context, const EventId& decision, const std::vector<ClientId>& clients) {
  LANTAARN_ASSIGN(const model::Event event, erased_event(context, decision, clients));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return events.front();
}

Result<EventId> decide_erasure_of(Context& context, const ClientId& client, const std::string& ground, const std::string& reason) {
  LANTAARN_TRY(model::check_code("erasure_ground", ground));
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  model::Event event = context.new_event();
  auto& decided = *event.mutable_erasure_decided();
  for (const ClientId& member : directory->clusters().members_of(client)) decided.add_clients(model::id_field(member));
  decided.set_ground(ground);
  decided.set_reason(reason);
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return events.front();
}

Result<bool> complete_erasures(Context& context) {
  LANTAARN_ASSIGN(const auto known, decisions(context.registry));
  bool pending = false;
  for (const Decision& decision : known) {
    if (decision.executed_ms == 0 || decision.completed_ms != 0) continue;
    LANTAARN_ASSIGN(const auto remains, remains_of(context, decision));
    if (!remains.empty()) {
      pending = true;
      continue;
    }
    model::Event event = context.new_event();
    event.mutable_erasure_completed()->set_erasure(model::id_field(decision.erasure));
    LANTAARN_TRY(context.record({event}));
  }
  return pending;
}

Answer decide_erasure(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  LANTAARN_ASSIGN(const EventId decision, decide_erasure_of(context, client.id, arguments.one("ground"), context.reason));
  return Output{json::object{{"decision", decision.hex()}, {"client_id", client.id.hex()}}, {}, client.id};
}

Answer execute_erasure(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto known, decisions(context.registry));
  const std::string typed = arguments.one("decision");
  const auto found = std::find_if(known.begin(), known.end(), [&](const Decision& one) { return typed.size() >= kIdPrefixMin && one.id.hex().starts_with(typed); });
  if (found == known.end()) return refused("decision_not_found");
  if (found->executed_ms != 0) return refused("nothing_changed");
  // Somebody linked or unlinked her since: whom it is about is the coordinator's to say again, never guessed here.
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  if (directory->clusters().members_of(found->clients.front()) != found->clients) return refused("decision_outdated");
  LANTAARN_ASSIGN(const EventId event, erase_clients(context, found->id, found->clients));
  Decision executed = *found;
  executed.executed_ms = context.clock.now().wall_ms;
  LANTAARN_ASSIGN(const auto remains, remains_of(context, executed));
  return Output{json::object{{"decision", found->id.hex()}, {"event_id", event.hex()}, {"state", "pending"}, {"remains", to_json(remains)}}, {}};
}

Answer list_erasures(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto known, decisions(context.registry));
  json::array documents;
  for (const Decision& decision : known) {
    LANTAARN_ASSIGN(const auto remains, remains_of(context, decision));
    documents.push_back(json::object{{"decision", decision.id.hex()},
                                     {"ground", decision.ground},
                                     {"dossiers", decision.clients.size()},
                                     {"decided_at", instant(decision.decided_ms)},
                                     {"executed_at", instant_or_null(decision.executed_ms)},
                                     {"completed_at", instant_or_null(decision.completed_ms)},
                                     {"state", state_of(decision)},
                                     {"remains", to_json(remains)}});
  }
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
