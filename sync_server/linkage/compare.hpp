#pragma once
// Two persons, part by part: how far each part agrees. What is missing on either side says nothing.

#include "sync_server/linkage/people.hpp"

namespace lantaarn::server::linkage {

/// The parts that are weighed, each on its own.
enum class Part : std::uint8_t { kCalled, kFamily, kFurther, kOrder, kYear, kMonth, kDay };
inline constexpr std::size_t kParts = 7;

// Levels of a part, from most to least agreement. Names: the numbers of Likeness.
inline constexpr std::uint8_t kNameLevels = 6;
enum class FurtherLevel : std::uint8_t { kSame, kDifferent };   ///< a second name of both
enum class OrderLevel : std::uint8_t { kStraight, kSwapped };   ///< first name in the place of the family name
enum class NumberLevel : std::uint8_t { kSame, kNear, kDifferent, kSwapped };  ///< kSwapped: day and month, said of the day
inline constexpr std::uint8_t kMissing = 7;
inline constexpr std::array<std::uint8_t, kParts> kLevels = {kNameLevels, kNameLevels, 2, 2, 3, 3, 4};

struct WordPair {
  WordId a = 0;
  WordId b = 0;
};

struct Comparison {
  std::array<std::uint8_t, kParts> level{kMissing, kMissing, kMissing, kMissing, kMissing, kMissing, kMissing};
  /// How rare the agreeing name is, in eighths of a bit: -8 log2(frequency). For kCalled and kFamily.
  std::array<std::uint8_t, 2> rarity{};
  std::array<WordPair, 2> words{};  ///< the two words that were found most alike

  [[nodiscard]] std::uint8_t of(Part part) const { return level[static_cast<std::size_t>(part)]; }
  void set(Part part, std::uint8_t to) { level[static_cast<std::size_t>(part)] = to; }
  /// Everything but `words`: equal numbers weigh the same.
  [[nodiscard]] std::uint64_t packed() const;
  [[nodiscard]] static Comparison unpack(std::uint64_t packed);
};

[[nodiscard]] Comparison compare(const People& people, const Person& a, const Person& b);

/// Rarity of what stands in `occurrences` of `records`, the pair that is looked at not counted twice, and steadied by a
/// hundred imagined records: in a small register every name is rare, and that means nothing.
[[nodiscard]] std::uint8_t rarity_of(std::uint32_t occurrences, std::size_t records, std::size_t tries);
[[nodiscard]] double frequency_of(std::uint8_t rarity);

}  // namespace lantaarn::server::linkage
