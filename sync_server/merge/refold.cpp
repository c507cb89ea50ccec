#include "sync_server/merge/refold.hpp"

#include "sync_server/merge/ingest.hpp"

namespace lantaarn::server {
namespace {

Status examine_again(Merger::State& state, Change& change, Ingest& ingest, const std::vector<EntryRef>& refs) {
  for (const EntryRef ref : refs) {
    LANTAARN_ASSIGN(const StoredEntry stored, state.registry.entry(ref));
    Examined examined = examine(stored, state.is_own(stored.place.device), state.options.newest_fact);
    if (examined.record.kind == stored.kind && examined.record.verdict == stored.verdict) continue;
    LANTAARN_TRY(change.remove_entry(ref));
    LANTAARN_TRY(ingest.add_entry(examined, state.is_own(stored.place.device)));
  }
  return {};
}

}  // namespace

Status refold(Merger::State& state, bool fresh) {
  LANTAARN_ASSIGN(const auto change, state.registry.begin());
  if (!fresh) {
    LANTAARN_TRY(change->clear_views());
    Ingest ingest(state, *change);
    std::vector<EntryRef> doubtful;
    LANTAARN_TRY(state.registry.all_entries([&](const StoredEntry& entry) -> Status {
      if (entry.kind == 0 || entry.verdict != Admission::kAdmitted) doubtful.push_back(entry.ref);
      for (const Aggregate& aggregate : examine(entry, state.is_own(entry.place.device), state.options.newest_fact).touches) ingest.touch(aggregate);
      return {};
    }));
    LANTAARN_TRY(examine_again(state, *change, ingest, doubtful));
    LANTAARN_TRY(ingest.finish());
  }
  LANTAARN_TRY(change->put_fold_version(state.options.fold_version));
  return change->commit();
}

}  // namespace lantaarn::server
