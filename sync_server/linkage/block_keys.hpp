#pragma once
// The passes of blocking: what two records must have in common to be looked at together.

#include "sync_server/linkage/people.hpp"

namespace lantaarn::server::linkage {

/// A record's values that keys are made of; 0 where there is none.
struct KeyParts {
  std::array<std::uint32_t, 6> called{};  ///< skeletons of the first two words, then name families of the first
  std::array<std::uint32_t, 2> family{};  ///< skeletons of the first two words
  std::uint32_t called_start = 0;         ///< two letters of the first word
  std::uint32_t family_start = 0;
  std::uint32_t year = 0;
  std::uint32_t month = 0;
  std::uint32_t day = 0;

  // Day and month in either order: people swap them.
  [[nodiscard]] std::uint32_t lesser() const { return month < day ? month : day; }
  [[nodiscard]] std::uint32_t greater() const { return month < day ? day : month; }
  [[nodiscard]] bool birth_is_whole() const { return year != 0 && month != 0 && day != 0; }
};
[[nodiscard]] std::vector<KeyParts> key_parts(const People& people);

struct Pass {
  /// Puts the record's keys of this pass; none where a part is missing.
  void (*put_keys)(const KeyParts& parts, std::vector<std::uint64_t>& keys);
  /// Only pairs in which one has no whole birth date: the others are found by it.
  bool one_without_birth = false;
};
/// The passes that find most first.
[[nodiscard]] std::span<const Pass> passes();

/// By what a block that is too large is split, in turn.
inline constexpr std::size_t kSplits = 5;
[[nodiscard]] std::uint32_t split_value(const KeyParts& parts, std::size_t split);

}  // namespace lantaarn::server::linkage
