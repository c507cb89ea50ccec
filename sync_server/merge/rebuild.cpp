#include "sync_server/merge/check.hpp"
#include "sync_server/merge/ingest.hpp"

namespace lantaarn::server {
namespace {

constexpr std::size_t kEntriesPerTransaction = 5000;

// Feeds entries into the scratch registry, some thousands to a transaction.
class Feed {
 public:
  explicit Feed(Merger::State& state) : state_(state) {}
  Status add_entry(const StoredEntry& entry) {
    LANTAARN_TRY(begin());
    Examined examined = examine(entry, device_of(state_.keys.server.id), state_.options.newest_fact);
    LANTAARN_TRY(ingest_->add_entry(examined, entry.place.device == device_of(state_.keys.server.id)));
    return end_if_full();
  }
  Status add_held(const HeldEntry& entry) {
    LANTAARN_TRY(begin());
    LANTAARN_TRY(ingest_->add_held(entry));
    return end_if_full();
  }
  Status add_dropped(const StoredEntry& entry) {
    LANTAARN_TRY(begin());
    LANTAARN_TRY(ingest_->add_dropped(entry));
    return end_if_full();
  }
  Status end() {
    if (!change_) return {};
    LANTAARN_TRY(ingest_->finish());
    LANTAARN_TRY(change_->commit());
    ingest_.reset();
    change_.reset();
    count_ = 0;
    return {};
  }

 private:
  Status begin() {
    if (change_) return {};
    LANTAARN_ASSIGN(change_, state_.registry.begin());
    ingest_.emplace(state_, *change_);
    return {};
  }
  Status end_if_full() { return ++count_ >= kEntriesPerTransaction ? end() : Status{}; }
  Merger::State& state_;
  std::unique_ptr<Change> change_;
  std::optional<Ingest> ingest_;
  std::size_t count_ = 0;
};

// Batches that could not be taken apart have no events; the scratch registry is told of them as they stand.
Status copy_bad_batches(Registry& live, Registry& scratch) {
  LANTAARN_ASSIGN(const auto change, scratch.begin());
  LANTAARN_TRY(live.quarantine([&](const Quarantined& apart) -> Status {
    if (apart.entry.seq != 0) return {};
    return change->put_bad_batch(apart.entry.device, apart.entry.log, apart.entry.hash, apart.reason, apart.received_ms);
  }));
  return change->commit();
}

}  // namespace

Result<RebuildReport> rebuild_and_compare(Registry& live, Registry& scratch, const ServerKeys& keys) {
  MergeOptions options;
  options.observes_forks = false;
  LANTAARN_ASSIGN(options.fold_version, live.fold_version());
  LANTAARN_ASSIGN(OwnLog own_log, OwnLog::open(scratch, keys));
  Merger::State state{scratch, keys, options, {}, std::move(own_log), {}, {}, false};
  {
    LANTAARN_ASSIGN(const auto change, scratch.begin());
    LANTAARN_TRY(change->put_fold_version(options.fold_version));
    LANTAARN_TRY(change->commit());
  }
  Feed feed(state);
  LANTAARN_TRY(live.all_entries([&](const StoredEntry& entry) { return feed.add_entry(entry); }));
  LANTAARN_TRY(live.all_dropped([&](const StoredEntry& entry) { return feed.add_dropped(entry); }));
  LANTAARN_TRY(live.all_held([&](const HeldEntry& entry) { return feed.add_held(entry); }));
  LANTAARN_TRY(feed.end());
  LANTAARN_TRY(copy_bad_batches(live, scratch));
  RebuildReport report;
  LANTAARN_ASSIGN(report.stored, digest(live));
  LANTAARN_ASSIGN(report.rebuilt, digest(scratch));
  return report;
}

}  // namespace lantaarn::server
