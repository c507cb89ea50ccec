#pragma once
// One run: three handhelds, their users, one server, and everything that chance does to them in an evening. Without
// sockets, threads of our own or a real disk; the same seed is the same run.

#include <cstdint>
#include <string>

#include "tests/sim/ledger.hpp"

namespace lantaarn::sim {

struct Outcome {
  std::uint64_t seed = 0;
  std::string violation;   ///< empty: every promise was kept
  Counts counts;
};

/// Takes over the randomness of the whole process.
[[nodiscard]] Outcome run_seed(std::uint64_t seed);

}  // namespace lantaarn::sim
