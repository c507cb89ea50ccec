// Another server's register, taken over whole by an empty one.
#include "common/crypto/random.hpp"
#include "common/model/event.hpp"
#include "sync_server/merge/feed.hpp"

namespace lantaarn::server {
namespace {

Status check_empty(Registry& registry) {
  LANTAARN_ASSIGN(const auto own, registry.own_head());
  LANTAARN_ASSIGN(const std::uint64_t events, registry.event_count());
  LANTAARN_ASSIGN(const std::int64_t cursor, registry.cursor());
  return own || events != 0 || cursor != 0 ? refused("register_not_empty") : Status{};
}

Bytes imported_fact(const ServerKeys& keys, const ServerId& from, std::uint64_t through_seq, std::int64_t now_ms) {
  model::Event event = model::new_event(UserId{keys.server.id.bytes}, {now_ms, 0, {}, ClockStatus::kOk});
  event.mutable_register_imported()->set_from_server_id(model::id_field(from));
  event.mutable_register_imported()->set_through_seq(through_seq);
  return model::encode_event(event);
}

// One order for what either server says: its own log begins after the other's head.
OwnLog log_after(const ServerKeys& keys, const EntryPlace& head) {
  const auto log = crypto::random_id<LogId>();
  return {keys, log, {head.seq, journal::genesis_hash({device_of(keys.server.id), log, head.log, head.seq, head.hash})}};
}

}  // namespace

Status Merger::adopt(const Adoption& adoption, const Replay& replay, std::int64_t now_ms, const Also& also) {
  State& state = *state_;
  LANTAARN_TRY(state.refresh());
  LANTAARN_TRY(check_empty(state.registry));
  LANTAARN_ASSIGN(const auto change, state.registry.begin());
  state.stale = true;
  const bool observes_forks = std::exchange(state.options.observes_forks, false);
  const Status fed = adopt_in(*change, adoption, replay, now_ms);
  state.options.observes_forks = observes_forks;
  LANTAARN_TRY(fed);
  if (also) LANTAARN_TRY(also(*change));
  LANTAARN_TRY(change->commit());
  state.stale = false;
  return {};
}

Status Merger::adopt_in(Change& change, const Adoption& adoption, const Replay& replay, std::int64_t now_ms) {
  State& state = *state_;
  state.directory.know_former_server(device_of(adoption.from));
  for (const DeviceId& server : adoption.former_servers) state.directory.know_former_server(server);
  Feed feed(state, change);
  LANTAARN_ASSIGN(const Digest expected, replay(feed));
  LANTAARN_TRY(feed.end());
  state.own_log = log_after(state.keys, feed.own_head());
  Ingest ingest(state, change);
  LANTAARN_TRY(ingest.state_fact(imported_fact(state.keys, adoption.from, feed.own_head().seq, now_ms), now_ms));
  LANTAARN_TRY(ingest.finish());
  LANTAARN_TRY(change.add_up());
  LANTAARN_ASSIGN(const Digest here, digest(state.registry));
  if (here.text() != expected.text()) return refused("migration_differs");
  return {};
}

}  // namespace lantaarn::server
