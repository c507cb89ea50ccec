#pragma once
// Which pairs are worth comparing. In a small register, all; in a large one, those that share a key of at least one pass,
// so that the number of pairs grows with the number of records and not with its square.

#include "sync_server/linkage/people.hpp"

namespace lantaarn::server::linkage {

/// Up to here every pair is compared: 2,000 records are two million pairs, about a second.
inline constexpr std::size_t kEveryPairRecordsMax = 2000;
/// A block above this is split by what else is known, and what cannot be split is walked with a window this wide.
inline constexpr std::size_t kBlockMax = 80;
inline constexpr std::size_t kWindow = 8;

/// Two places in People::persons, the smaller in the upper half: sorted as a number, sorted as a pair.
using Pair = std::uint64_t;
[[nodiscard]] constexpr Pair pair_of(std::uint32_t a, std::uint32_t b) {
  return a < b ? (Pair{a} << 32) | b : (Pair{b} << 32) | a;
}
[[nodiscard]] constexpr std::uint32_t first_of(Pair pair) { return static_cast<std::uint32_t>(pair >> 32); }
[[nodiscard]] constexpr std::uint32_t second_of(Pair pair) { return static_cast<std::uint32_t>(pair); }

/// Sorted, each once.
[[nodiscard]] std::vector<Pair> candidate_pairs(const People& people);

/// `count` pairs (or all, when there are no more) drawn without looking at what they hold; the same ones each time.
[[nodiscard]] std::vector<Pair> drawn_pairs(std::size_t records, std::size_t count);

}  // namespace lantaarn::server::linkage
