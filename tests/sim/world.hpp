#pragma once
// What everything in one run shares.

#include <vector>

#include "tests/sim/chance.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/sim/sim_clock.hpp"

namespace lantaarn::sim {

struct World {
  World(std::uint64_t seed, Counts& run_counts) : chance(seed), counts(run_counts) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Chance chance;
  Counts& counts;
  WorldTime time;
  Ledger ledger;
  std::vector<ClientId> clients;

  /// Something that nobody may read on a disk.
  [[nodiscard]] std::string text(std::size_t more_characters = 0) {
    return std::string(kPlanted) + std::string(chance.below(more_characters + 1), 'n');
  }
};

}  // namespace lantaarn::sim
