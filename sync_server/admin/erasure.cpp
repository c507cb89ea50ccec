// Erasure (protocols.md, section 6): the coordinator decides, the administrator executes without seeing whom. It is
// *pending*, with what remains, until no copy is left that this side can reach.
#include <algorithm>
#include <boost/json.hpp>

#include "common/model/codes.hpp"
#include "common/model/limits.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/erasure.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct Decision {
  EventId id;
  std::vector<ClientId> clients;
  std::string ground;
  std::int64_t decided_ms = 0;
  std::int64_t executed_ms = 0;  ///< 0: not yet
};

Result<std::vector<Decision>> decisions(Registry& registry) {
  std::vector<Decision> found;
  LANTAARN_ASSIGN(const auto decided, registry.entries_of_kind(model::Event::kErasureDecided));
  for (const StoredEntry& entry : decided) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    Decision decision{entry.event, {}, event.erasure_decided().ground(), entry.recorded_ms, 0};
    for (const auto& client : event.erasure_decided().clients()) decision.clients.push_back(ClientId::from(client).value_or(ClientId{}));
    found.push_back(std::move(decision));
  }
  LANTAARN_ASSIGN(const auto executed, registry.entries_of_kind(model::Event::kClientErased));
  for (const StoredEntry& entry : executed) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    for (Decision& decision : found) {
      if (model::id_field(decision.id) == event.client_erased().decision()) decision.executed_ms = entry.recorded_ms;
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

// What is known to hold a sealed copy still. Each goes when its part of custody takes it: handhelds when they may prune,
// the inbox when its batches are secured elsewhere, the sealing key when it is rotated and destroyed.
json::array remains_of(const Decision& decision, const std::vector<DeviceView>& devices) {
  json::array remains;
  if (decision.executed_ms == 0) {
    remains.emplace_back("execution");
    return remains;
  }
  const auto enrolled = [](const DeviceView& device) { return device.channel_key.has_value(); };
  if (std::any_of(devices.begin(), devices.end(), enrolled)) remains.emplace_back("handhelds");
  remains.emplace_back("inbox");
  remains.emplace_back("sealing_key");
  return remains;
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

Answer decide_erasure(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto clients, visible_clients(context));
  LANTAARN_ASSIGN(const Client client, find_client(clients, arguments.one("client")));
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
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  Decision executed = *found;
  executed.executed_ms = context.clock.now().wall_ms;
  return Output{json::object{{"decision", found->id.hex()}, {"event_id", event.hex()}, {"state", "pending"}, {"remains", remains_of(executed, devices)}}, {}};
}

Answer list_erasures(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto known, decisions(context.registry));
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  json::array documents;
  for (const Decision& decision : known) {
    documents.push_back(json::object{{"decision", decision.id.hex()},
                                     {"ground", decision.ground},
                                     {"dossiers", decision.clients.size()},
                                     {"decided_at", instant(decision.decided_ms)},
                                     {"executed_at", instant_or_null(decision.executed_ms)},
                                     {"state", decision.executed_ms == 0 ? "decided" : "pending"},
                                     {"remains", remains_of(decision, devices)}});
  }
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
