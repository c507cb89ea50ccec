#include "tests/sync_server/merge/town.hpp"

namespace lantaarn::support {
namespace {

template <typename T>
T take(Result<T> result) {
  LANTAARN_OK(result);
  return std::move(*result);
}

}  // namespace

std::unique_ptr<server::Registry> registry_in_memory(const GeneratedServer& server) {
  return take(server::open_sqlite_registry(":memory:", server.data_key.duplicate()));
}

Town::Town(std::uint64_t seed, server::MergeOptions options)
    : draw(seed),
      server(draw),
      registry(registry_in_memory(server)),
      merger(take(server::Merger::open(*registry, server.keys, options))),
      anna(draw_user(draw)),
      bram(draw_user(draw)),
      device(draw.id<DeviceId>()) {
  state(user_added(draw, server.keys, anna.id, "Anna"));
  state(user_added(draw, server.keys, bram.id, "Bram"));
  state(device_added(draw, server.keys, device, "handheld 1", {anna.id, bram.id}));
  state(user_bound(draw, server.keys, device, anna));
  state(user_bound(draw, server.keys, device, bram));
}

void Town::state(const Bytes& fact) { LANTAARN_OK(merger.record({fact}, kEvening)); }

EventId Town::save(GeneratedLog& log, const GeneratedUser& author, const model::Event& event) {
  const Bytes bytes = model::encode_event(event);
  log.save(author, bytes);
  return model::event_id_of(bytes);
}

server::MergeReport Town::deliver(GeneratedLog& log) {
  inbox.put(log, log.take_batch(), kEvening);
  return merge();
}

server::MergeReport Town::merge() { return take(merger.merge(inbox)); }

model::Event Town::contact(const std::optional<ClientId>& client, const std::string& note) {
  return draw_contact(draw, anna.id, client, kEvening, note);
}

model::Event Town::client_added(const ClientId& client, const std::string& alias) {
  model::Event event = draw_event(draw, anna.id, kEvening);
  event.mutable_client_added()->set_client_id(model::id_field(client));
  event.mutable_client_added()->set_alias(alias);
  return event;
}

model::Event Town::amendment(const EventId& contact_id, const std::string& field, const std::string& value,
                             const std::vector<EventId>& seen, std::int64_t wall_ms) {
  model::Event event = draw_event(draw, anna.id, wall_ms);
  auto* amended = event.mutable_contact_amended();
  amended->set_contact(model::id_field(contact_id));
  amended->set_reason("typed wrong");
  auto* change = amended->add_changes();
  change->set_field(field);
  change->set_value(value);
  for (const EventId& head : seen) change->add_heads(model::id_field(head));
  return event;
}

model::Event Town::retraction(const EventId& contact_id) {
  model::Event event = draw_event(draw, anna.id, kEvening);
  event.mutable_contact_retracted()->set_contact(model::id_field(contact_id));
  event.mutable_contact_retracted()->set_reason("somebody else");
  return event;
}

std::vector<server::Quarantined> Town::apart() {
  std::vector<server::Quarantined> found;
  LANTAARN_OK(registry->quarantine([&](const server::Quarantined& one) -> Status {
    found.push_back(one);
    return {};
  }));
  return found;
}

std::vector<std::string> Town::reasons() {
  std::vector<std::string> found;
  for (const auto& one : apart()) found.push_back(one.reason);
  return found;
}

std::vector<server::ReviewCase> Town::cases() {
  std::vector<server::ReviewCase> found;
  LANTAARN_OK(registry->review_cases([&](const server::ReviewCase& one) -> Status {
    found.push_back(one);
    return {};
  }));
  return found;
}

std::optional<server::Contact> Town::contact_of(const EventId& id) { return take(registry->contact(id)); }

std::size_t Town::contacts() {
  std::size_t count = 0;
  LANTAARN_OK(registry->contacts({}, [&](const server::Contact&) -> Status {
    ++count;
    return {};
  }));
  return count;
}

server::Digest Town::digest() { return take(server::digest(*registry)); }

void Town::require_rebuild_agrees() {
  const auto scratch = registry_in_memory(server);
  const auto report = take(server::rebuild_and_compare(*registry, *scratch, server.keys));
  REQUIRE(report.stored.text() == report.rebuilt.text());
  REQUIRE(report.agrees());
}

}  // namespace lantaarn::support
