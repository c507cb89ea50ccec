#pragma once
// One transaction of the merge: entries in, admissions settled, touched aggregates folded.

#include "sync_server/merge/state.hpp"

namespace lantaarn::model::pb {
class ClientErased;
class RecordsEnded;
}

namespace lantaarn::server {

class Ingest {
 public:
  Ingest(Merger::State& state, Change& change) : state_(state), change_(change) {}

  [[nodiscard]] Status add(PreparedBatch& batch);
  /// A fact of the server: into its own log, then like any other.
  [[nodiscard]] Result<EventId> state_fact(ByteView event, std::int64_t now_ms);
  /// An entry from anywhere, opened and examined.
  [[nodiscard]] Result<Added> add_entry(Examined& examined, bool own);
  [[nodiscard]] Result<Added> add_held(const HeldEntry& held);
  /// Of which only the place is known any more, and whatever hangs on it goes.
  [[nodiscard]] Result<Added> add_dropped(const EntryRecord& record);
  void touch(const Aggregate& aggregate) { touched_.insert(aggregate); }
  /// Settles what the new entries changed about older ones and folds every touched aggregate. Once, at the end.
  [[nodiscard]] Status finish();

  [[nodiscard]] const MergeReport& report() const { return report_; }

 private:
  using Log = std::pair<DeviceId, LogId>;
  Status add_one(PreparedBatch& batch, PreparedEntry& entry, std::vector<std::vector<EntryRef>>& refs);
  Status add_seal_key(const LogId& log, const NewSealKey& key);
  Status open_held(EntryRef ref, const HeldEntry& held, ByteView event);
  Status put_lone(Examined& examined, const Added& added, bool& done);
  Status apply_own(const StoredEntry& stored);
  void rejudge_later(const Log& log, std::uint64_t from_seq);
  Status rejudge_device_later(const DeviceId& device);
  // Erasure and the ends of terms (erase.cpp).
  Result<bool> is_dropped(const Examined& examined, bool own);
  Status drop_client(const ClientId& client);
  Status drop_event(const EventId& event);
  Status drop_entry(const StoredEntry& entry);
  Status drop_linked_to(const EventId& event);
  Status erase(const StoredEntry& fact, const model::pb::ClientErased& erased);
  Status end_records(const model::pb::RecordsEnded& ended);

  Status regroup(const EventId& contact);
  void touch_clusters_of(const model::pb::Event& event);
  Status fold_one_client(const ClientId& id);
  void rejudge_branches_of(const EntryPlace& place);
  void look_for_forks_later(const Log& log, std::uint64_t from_seq, std::int64_t now_ms);
  Status recheck_runs(const DeviceId& device, const UserId& user);
  Status rejudge(const std::vector<StoredEntry>& entries);
  Status rejudge_log(const Log& log, std::uint64_t from_seq);
  Status rejudge_one(const StoredEntry& entry, bool verified, bool apart);
  Status touch_entry(EntryRef ref);
  Status observe_forks(const Log& log, std::uint64_t from_seq, std::int64_t now_ms);
  Status observe_forks_at(const std::vector<const StoredEntry*>& place, std::int64_t now_ms);
  Status state_fork(const EntryPlace& kept, const EntryPlace& other, std::int64_t now_ms);
  Status retime(const ByteArray<kIdBytes>& boot_id);
  Result<std::optional<std::int64_t>> repaired(const EntryRecord& entry, std::int64_t monotonic_ms, std::int64_t occurred_ms);
  Status fold(const Aggregate& aggregate);
  Status fold_one_contact(const EventId& id, const std::vector<StoredEntry>& entries);

  Merger::State& state_;
  Change& change_;
  MergeReport report_;
  std::set<Aggregate> touched_;
  std::set<EventId> regrouped_;
  std::map<Log, std::uint64_t> logs_to_rejudge_;      // from which seq on
  std::set<std::pair<DeviceId, UserId>> runs_to_check_;
  std::set<DeviceId> apart_to_rejudge_;
  std::set<ByteArray<kIdBytes>> boots_to_retime_;
  std::set<UserId> users_;
  std::set<DeviceId> devices_;
  struct Meeting { std::uint64_t from_seq = 0; std::int64_t now_ms = 0; };
  std::map<Log, Meeting> meetings_;                   // logs where two entries may stand at one place, from which seq on
};

}  // namespace lantaarn::server
