#pragma once
// What must hold in the end, whatever happened before: once everything works and everyone came back.

#include "tests/sim/server.hpp"

namespace lantaarn::sim {

class Checks {
 public:
  Checks(World& world, Server& server, const std::vector<std::unique_ptr<Handheld>>& handhelds)
      : world_(world), server_(server), handhelds_(handhelds) {}

  /// Every entry that a handheld holds is in the inbox, once; and nothing that was never saved.
  void everything_arrived();
  /// Two entries at one place: kept as branches, observed, and set apart until a human admits one.
  void forks();
  /// Every event is merged once, or gone because she was erased.
  void everything_merged();
  /// Per handheld saved = received = merged, as it knows itself; but for a log that has forked, which stands where it parted.
  void standings();
  /// The same digest after a power cut, in any other order, and rebuilt.
  void digests();
  /// Nothing that was typed stands readable on any disk.
  void nothing_readable();

 private:
  void read_what_was_decided();
  void shuffle_entries(const std::string& digest);
  void replay_in_another_order(const std::string& digest);

  World& world_;
  Server& server_;
  const std::vector<std::unique_ptr<Handheld>>& handhelds_;
  std::set<LogId> forked_;
  std::set<Hash> admitted_by_hand_;
};

}  // namespace lantaarn::sim
