#include "sync_server/merge/restore.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"
#include "sync_server/merge/feed.hpp"

namespace lantaarn::server {

struct Restorer::Parts {
  Merger::State state;
  std::optional<Feed> feed;
};

Restorer::Restorer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Restorer::~Restorer() = default;

Result<std::unique_ptr<Restorer>> Restorer::open(Registry& registry, const ServerKeys& keys, const std::vector<DeviceId>& former_servers) {
  MergeOptions options;
  options.observes_forks = false;
  LANTAARN_ASSIGN(OwnLog own_log, OwnLog::open(registry, keys));
  {
    LANTAARN_ASSIGN(const auto change, registry.begin());
    LANTAARN_TRY(change->put_fold_version(options.fold_version));
    LANTAARN_TRY(change->commit());
  }
  std::unique_ptr<Parts> parts(new Parts{{registry, keys, options, {}, std::move(own_log), {}, {}, false}, std::nullopt});
  for (const DeviceId& server : former_servers) parts->state.directory.know_former_server(server);
  parts->feed.emplace(parts->state);
  return std::unique_ptr<Restorer>(new Restorer(std::move(parts)));
}

EntrySink& Restorer::entries() { return *parts_->feed; }
Status Restorer::settle() { return parts_->feed->end(); }

bool Restorer::is_gone(const AggregateId& owner) const {
  const Directory& directory = parts_->state.directory;
  return directory.is_erased(ClientId{owner}) || directory.is_ended(EventId{owner});
}

Status Restorer::add_runs(const std::vector<ArchivedRun>& runs) {
  LANTAARN_TRY(settle());
  Registry& registry = parts_->state.registry;
  LANTAARN_ASSIGN(const auto change, registry.begin());
  for (const ArchivedRun& one : runs) {
    LANTAARN_ASSIGN(const auto entries, registry.entries_of_log(one.run.device, one.run.log, 1));
    std::vector<EntryRef> refs;
    for (const StoredEntry& entry : entries) {
      if (std::find(one.entries.begin(), one.entries.end(), entry.place.hash) != one.entries.end()) refs.push_back(entry.ref);
    }
    LANTAARN_TRY(change->put_run(one.run, refs));
  }
  return change->commit();
}

Status Restorer::append_own(const std::vector<std::pair<LogId, OwnEntry>>& entries) {
  LANTAARN_TRY(settle());
  LANTAARN_ASSIGN(const auto change, parts_->state.registry.begin());
  for (const auto& [log, entry] : entries) LANTAARN_TRY(change->append_own(entry, log));
  return change->commit();
}

Status Restorer::state(ByteView event, const std::pair<LogId, journal::Position>& head, std::int64_t now_ms, const Merger::Also& also) {
  LANTAARN_TRY(settle());
  Merger::State& state = parts_->state;
  const auto log = crypto::random_id<LogId>();
  const journal::Genesis genesis{device_of(state.keys.server.id), log, head.first, head.second.seq, head.second.hash};
  state.own_log = OwnLog(state.keys, log, {head.second.seq, journal::genesis_hash(genesis)});
  LANTAARN_ASSIGN(const auto change, state.registry.begin());
  Ingest ingest(state, *change);
  LANTAARN_TRY(ingest.state_fact(event, now_ms));
  LANTAARN_TRY(ingest.finish());
  if (also) LANTAARN_TRY(also(*change));
  return change->commit();
}

}  // namespace lantaarn::server
