#pragma once
// Two records that both are a third's: when A is B and B is C, A is C, however little A and C have in common.

#include "sync_server/linkage/blocking.hpp"
#include "sync_server/linkage/weights.hpp"

namespace lantaarn::server::linkage {

struct ScoredPair {
  Pair pair = 0;
  std::uint64_t packed = 0;  ///< Comparison::packed(), the person of the upper half first
  double probability = 0;
  bool through_third = false;  ///< by a third record rather than by what both say themselves
};

/// `direct`: sorted by pair, each once. The same pairs with the probability that the best third gives them, where that
/// is more, and pairs that were no candidates; sorted by pair. Two records whose own comparison speaks against them get
/// nothing from a third.
[[nodiscard]] std::vector<ScoredPair> with_thirds(const People& people, const Weights& weights, std::vector<ScoredPair> direct);

}  // namespace lantaarn::server::linkage
