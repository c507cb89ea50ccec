#include "sync_server/merge/feed.hpp"

namespace lantaarn::server {
namespace {

constexpr std::size_t kEntriesPerTransaction = 5000;

}  // namespace

Status Feed::add_entry(const StoredEntry& entry) {
  LANTAARN_TRY(begin());
  const bool own = state_.is_own(entry.place.device);
  Examined examined = examine(entry, own, state_.options.newest_fact);
  LANTAARN_TRY(ingest_->add_entry(examined, own));
  note(entry.place);
  return count_one();
}

Status Feed::add_dropped(const StoredEntry& entry) {
  LANTAARN_TRY(begin());
  LANTAARN_TRY(ingest_->add_dropped(entry));
  note(entry.place);
  return count_one();
}

Status Feed::add_held(const HeldEntry& held) {
  LANTAARN_TRY(begin());
  LANTAARN_TRY(ingest_->add_held(held));
  return count_one();
}

// A batch that could not be taken apart has no events; the registry is told of it as it stands.
Status Feed::add_bad_batch(const Quarantined& apart) {
  LANTAARN_TRY(begin());
  Change& change = whole_ != nullptr ? *whole_ : *change_;
  return change.put_bad_batch(apart.entry.device, apart.entry.log, apart.entry.hash, apart.reason, apart.received_ms);
}

Status Feed::end() {
  if (!ingest_) return {};
  LANTAARN_TRY(ingest_->finish());
  if (change_) LANTAARN_TRY(change_->commit());
  ingest_.reset();
  change_.reset();
  count_ = 0;
  return {};
}

Status Feed::begin() {
  if (ingest_) return {};
  if (whole_ == nullptr) {
    LANTAARN_ASSIGN(change_, state_.registry.begin());
  }
  ingest_.emplace(state_, whole_ != nullptr ? *whole_ : *change_);
  return {};
}

Status Feed::count_one() { return ++count_ >= kEntriesPerTransaction ? end() : Status{}; }

void Feed::note(const EntryPlace& place) {
  if (state_.is_own(place.device) && place.seq > own_head_.seq) own_head_ = place;
}

Status give_entries(Registry& live, EntrySink& sink) {
  LANTAARN_TRY(live.all_entries([&](const StoredEntry& entry) { return sink.add_entry(entry); }));
  LANTAARN_TRY(live.all_dropped([&](const StoredEntry& entry) { return sink.add_dropped(entry); }));
  LANTAARN_TRY(live.all_held([&](const HeldEntry& held) { return sink.add_held(held); }));
  return live.quarantine([&](const Quarantined& apart) { return apart.entry.seq == 0 ? sink.add_bad_batch(apart) : Status{}; });
}

}  // namespace lantaarn::server
