#pragma once
// A whole event store, replayed into an empty registry.

#include "sync_server/merge/ingest.hpp"

namespace lantaarn::server {

class Feed final : public EntrySink {
 public:
  /// Commits some thousands of entries at a time.
  explicit Feed(Merger::State& state) : state_(state) {}
  /// Everything in `whole`, which its owner commits.
  Feed(Merger::State& state, Change& whole) : state_(state), whole_(&whole) {}

  [[nodiscard]] Status add_entry(const StoredEntry& entry) override;
  [[nodiscard]] Status add_dropped(const StoredEntry& entry) override;
  [[nodiscard]] Status add_held(const HeldEntry& held) override;
  [[nodiscard]] Status add_bad_batch(const Quarantined& apart) override;
  /// Once, after the last.
  [[nodiscard]] Status end();

  /// The farthest entry of a server's own log that was fed; seq 0: none.
  [[nodiscard]] const EntryPlace& own_head() const { return own_head_; }

 private:
  Status begin();
  Status count_one();
  void note(const EntryPlace& place);
  Merger::State& state_;
  Change* whole_ = nullptr;
  std::unique_ptr<Change> change_;
  std::optional<Ingest> ingest_;
  std::size_t count_ = 0;
  EntryPlace own_head_;
};

}  // namespace lantaarn::server
