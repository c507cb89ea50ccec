#include "tests/sim/coordinator.hpp"

#include "sync_server/merge/directory.hpp"

namespace lantaarn::sim {

void Coordinator::act(const std::vector<std::unique_ptr<Handheld>>& handhelds) {
  Chance& chance = world_.chance;
  const auto state_if_any = [&](const std::optional<model::Event>& event) {
    if (event) state(*event);
  };
  switch (chance.below(16)) {
    case 0:
    case 1: state(add_client()); break;
    case 2:
    case 3:
    case 4: state(change_client()); break;
    case 5:
    case 6: state_if_any(link()); break;
    case 7: state_if_any(unlink()); break;
    case 8:
    case 9:
    case 10: state(add_record()); break;
    case 11:
    case 12: state_if_any(admit_some()); break;
    case 13: server_.bind_one_late(); break;
    case 14:
      if (chance.one_in(3)) erase();
      break;
    default:
      if (chance.one_in(4)) revoke(*handhelds[chance.below(handhelds.size())]);
  }
}

bool Coordinator::state(const model::Event& event) { return server_.state(model::encode_event(event), false); }

model::Event Coordinator::add_client() {
  model::Event event = server_.books().new_fact();
  world_.clients.push_back(crypto::random_id<ClientId>());
  auto& added = *event.mutable_client_added();
  added.set_client_id(model::id_field(world_.clients.back()));
  added.set_alias(world_.text(10));
  return event;
}

model::Event Coordinator::change_client() {
  model::Event event = server_.books().new_fact();
  auto& changed = *event.mutable_client_changed();
  changed.set_client_id(model::id_field(world_.chance.pick(world_.clients)));
  auto& change = *changed.add_changes();
  change.set_field("intensity");
  change.set_value(world_.chance.one_in(2) ? "intensive" : "light_supplementary");
  return event;
}

std::optional<model::Event> Coordinator::link() {
  const ClientId first = world_.chance.pick(world_.clients), second = world_.chance.pick(world_.clients);
  if (first == second) return std::nullopt;
  model::Event event = server_.books().new_fact();
  event.mutable_clients_linked()->set_first(model::id_field(first));
  event.mutable_clients_linked()->set_second(model::id_field(second));
  event.mutable_clients_linked()->set_reason(world_.text());
  links_.push_back(model::event_id_of(model::encode_event(event)));
  return event;
}

std::optional<model::Event> Coordinator::unlink() {
  if (links_.empty()) return std::nullopt;
  const ClientId first = world_.chance.pick(world_.clients), second = world_.chance.pick(world_.clients);
  model::Event event = server_.books().new_fact();
  auto& unlinked = *event.mutable_clients_unlinked();
  unlinked.add_edges(model::id_field(world_.chance.pick(links_)));
  unlinked.set_reason(world_.text());
  if (first == second) return event;
  unlinked.add_apart()->set_first(model::id_field(first));
  unlinked.mutable_apart(0)->set_second(model::id_field(second));
  return event;
}

model::Event Coordinator::add_record() {
  model::Event event = server_.books().new_fact();
  auto& added = *event.mutable_record_added();
  added.set_client_id(model::id_field(world_.chance.pick(world_.clients)));
  added.set_kind("goal");
  for (const auto& [field, value] : {std::pair<const char*, std::string>{"text", world_.text(40)}, {"area", "housing"}, {"date", "2026-11-20"}, {"state", "active"}}) {
    auto& one = *added.add_fields();
    one.set_field(field);
    one.set_value(value);
  }
  return event;
}

namespace {

std::map<DeviceId, std::vector<Hash>> waiting_for_admission(Books& books) {
  std::map<DeviceId, std::vector<Hash>> apart;
  for (const server::Quarantined& entry : books.set_apart()) {
    const bool may_be = entry.reason == server::reason_of(server::Admission::kFork) ||
                        entry.reason == server::reason_of(server::Admission::kDeviceRevoked);
    if (may_be) apart[entry.entry.device].push_back(entry.entry.hash);
  }
  return apart;
}

}  // namespace

std::optional<model::Event> Coordinator::admit_some() {
  const auto apart = waiting_for_admission(server_.books());
  if (apart.empty()) return std::nullopt;
  const auto& [device, entries] = *apart.begin();
  const std::size_t wanted = 1 + world_.chance.below(entries.size());
  return server_.books().entries_admitted(device, {entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(wanted)});
}

void Coordinator::admit_all() {
  for (const auto& [device, entries] : waiting_for_admission(server_.books())) {
    server_.state(model::encode_event(server_.books().entries_admitted(device, entries)), true);
  }
}

// As sync_server/admin/erasure.cpp does it: decided, then carried out for the whole cluster.
void Coordinator::erase() {
  const auto directory = must(server_.books().directory(), "the directory can be read");
  const auto clients = directory->clusters().members_of(world_.chance.pick(world_.clients));
  if (directory->is_erased(clients.front())) return;
  model::Event decided = server_.books().new_fact();
  for (const ClientId& client : clients) decided.mutable_erasure_decided()->add_clients(model::id_field(client));
  decided.mutable_erasure_decided()->set_ground("her_request");
  decided.mutable_erasure_decided()->set_reason(world_.text());
  if (!state(decided)) return;
  model::Event event = server_.books().new_fact();
  auto& erased = *event.mutable_client_erased();
  erased.set_decision(model::id_field(model::event_id_of(model::encode_event(decided))));
  for (const ClientId& client : clients) erased.add_clients(model::id_field(client));
  must(server_.books().registry().contacts({clients.front()}, [&](const server::Contact& contact) -> Status {
    if (contact.amended) erased.add_events(model::id_field(contact.id));
    return {};
  }), "contacts can be read");
  if (state(event)) ++world_.counts.erasures;
}

void Coordinator::revoke(const Handheld& handheld) {
  if (server_.is_revoked(handheld.id())) return;
  model::Event event = server_.books().new_fact();
  auto& revoked = *event.mutable_device_revoked();
  revoked.set_device_id(model::id_field(handheld.id()));
  for (const server::inbox::InboxLog& log : server_.received()) {
    if (log.log.device != handheld.id()) continue;
    auto& last = *revoked.add_last_accepted();
    last.set_log_id(model::id_field(log.log.log));
    last.set_seq(log.received.seq);
    last.set_hash(to_string(log.received.hash));
  }
  if (!state(event)) return;
  ++world_.counts.revocations;
}

}  // namespace lantaarn::sim
