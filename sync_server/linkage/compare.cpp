#include "sync_server/linkage/compare.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "sync_server/linkage/similarity.hpp"

namespace lantaarn::server::linkage {
namespace {

constexpr double kImaginedRecords = 100;
constexpr double kImaginedFrequency = 1.0 / 200;
constexpr double kEighthsOfABit = 8;

struct NameMatch {
  Likeness likeness = Likeness::kDifferent;
  std::uint32_t occurrences = 0;
  std::size_t tries = 1;
  WordPair words;
};

// The two words that are most alike; of equals, the rarest.
NameMatch best_match(const Lexicon& lexicon, const NameWords& a, const NameWords& b, bool first_names) {
  NameMatch best;
  best.words = {a.words[0], b.words[0]};
  best.tries = std::size_t{std::max(a.single, std::uint8_t{1})} * std::max(b.single, std::uint8_t{1});
  for (const WordId one : a.view()) {
    for (const WordId other : b.view()) {
      const Likeness likeness = lexicon.likeness(one, other, first_names);
      if (likeness > best.likeness || likeness == Likeness::kDifferent) continue;
      const std::uint32_t occurrences = lexicon.occurrences(one, other, likeness);
      if (likeness == best.likeness && occurrences >= best.occurrences) continue;
      best.likeness = likeness;
      best.occurrences = occurrences;
      best.words = {one, other};
    }
  }
  return best;
}

bool agrees(Likeness likeness) { return likeness <= Likeness::kTypo; }

// Given and family names of both beyond those that matched. An alias more or less says nothing.
std::uint8_t further_level(const Lexicon& lexicon, const Person& a, const Person& b, const Comparison& so_far) {
  std::uint8_t level = kMissing;
  const auto look = [&](std::span<const WordId> of_a, std::span<const WordId> of_b, const WordPair& used, bool first_names) {
    if (of_a.size() < 2 || of_b.size() < 2) return;
    bool found = false;
    for (const WordId one : of_a) {
      for (const WordId other : of_b) {
        if (one != used.a && other != used.b) found = found || agrees(lexicon.likeness(one, other, first_names));
      }
    }
    level = static_cast<std::uint8_t>(found ? FurtherLevel::kSame : FurtherLevel::kDifferent);
  };
  look(a.family.singles(), b.family.singles(), so_far.words[1], false);
  look({a.called.words.data(), a.given}, {b.called.words.data(), b.given}, so_far.words[0], true);
  return level;
}

void set_name(Comparison& comparison, Part part, const NameMatch& match, std::size_t records) {
  const auto at = static_cast<std::size_t>(part);
  comparison.level[at] = static_cast<std::uint8_t>(match.likeness);
  comparison.words[at] = match.words;
  if (match.likeness != Likeness::kDifferent) comparison.rarity[at] = rarity_of(match.occurrences, records, match.tries);
}

struct NameMatches {
  std::optional<NameMatch> called, family;
  bool swapped = false;
};

// First name in the place of the family name, and back; one that only resembles is enough beside one that agrees.
void try_swapped(const Lexicon& lexicon, const Person& a, const Person& b, NameMatches& matches) {
  const NameMatch crossed = best_match(lexicon, a.called, b.family, true);
  const NameMatch back = best_match(lexicon, a.family, b.called, true);
  if (!agrees(std::min(crossed.likeness, back.likeness)) || std::max(crossed.likeness, back.likeness) > Likeness::kSimilar) return;
  matches = {crossed, back, true};
}

// The only name of one of them may stand in the other's place.
void try_misplaced(const Lexicon& lexicon, const Person& a, const Person& b, NameMatches& matches) {
  const bool a_called = !a.called.empty() && !b.family.empty();
  if (!a_called && (a.family.empty() || b.called.empty())) return;
  const NameMatch crossed = a_called ? best_match(lexicon, a.called, b.family, true) : best_match(lexicon, a.family, b.called, true);
  if (!agrees(crossed.likeness)) return;
  matches = {crossed, std::nullopt, true};
}

NameMatches match_names(const Lexicon& lexicon, const Person& a, const Person& b) {
  NameMatches matches;
  if (!a.called.empty() && !b.called.empty()) matches.called = best_match(lexicon, a.called, b.called, true);
  if (!a.family.empty() && !b.family.empty()) matches.family = best_match(lexicon, a.family, b.family, false);
  const auto differs = [](const std::optional<NameMatch>& match) { return match && match->likeness == Likeness::kDifferent; };
  if (matches.called && matches.family) {
    if (differs(matches.called) || differs(matches.family)) try_swapped(lexicon, a, b, matches);
  } else if (differs(matches.called) || differs(matches.family) || (!matches.called && !matches.family)) {
    try_misplaced(lexicon, a, b, matches);
  }
  return matches;
}

void compare_names(const People& people, const Person& a, const Person& b, Comparison& comparison) {
  const NameMatches matches = match_names(people.lexicon, a, b);
  const std::size_t records = people.persons.size();
  if (matches.called) set_name(comparison, Part::kCalled, *matches.called, records);
  if (matches.family) set_name(comparison, Part::kFamily, *matches.family, records);
  if (matches.swapped || (matches.called && matches.family)) {
    comparison.set(Part::kOrder, static_cast<std::uint8_t>(matches.swapped ? OrderLevel::kSwapped : OrderLevel::kStraight));
  }
  if (!matches.swapped) comparison.set(Part::kFurther, further_level(people.lexicon, a, b, comparison));
}

std::uint8_t number_level(std::int16_t a, std::int16_t b, int digits) {
  if (a == kUnknown || b == kUnknown) return kMissing;
  if (a == b) return static_cast<std::uint8_t>(NumberLevel::kSame);
  return static_cast<std::uint8_t>(near_numbers(a, b, digits) ? NumberLevel::kNear : NumberLevel::kDifferent);
}

void compare_birth(const Person& a, const Person& b, Comparison& comparison) {
  comparison.set(Part::kYear, number_level(a.year, b.year, 4));
  if (a.day != kUnknown && a.day != a.month && a.day == b.month && a.month == b.day) {
    comparison.set(Part::kDay, static_cast<std::uint8_t>(NumberLevel::kSwapped));
    return;
  }
  comparison.set(Part::kMonth, number_level(a.month, b.month, 2));
  comparison.set(Part::kDay, number_level(a.day, b.day, 2));
}

}  // namespace

std::uint64_t Comparison::packed() const {
  std::uint64_t bits = 0;
  for (const std::uint8_t one : level) bits = (bits << 3) | one;
  for (const std::uint8_t one : rarity) bits = (bits << 8) | one;
  return bits;
}

Comparison Comparison::unpack(std::uint64_t packed) {
  Comparison comparison;
  for (auto one = comparison.rarity.rbegin(); one != comparison.rarity.rend(); ++one, packed >>= 8) *one = packed & 0xFF;
  for (auto one = comparison.level.rbegin(); one != comparison.level.rend(); ++one, packed >>= 3) *one = packed & 7;
  return comparison;
}

Comparison compare(const People& people, const Person& a, const Person& b) {
  Comparison comparison;
  compare_birth(a, b, comparison);
  compare_names(people, a, b, comparison);
  return comparison;
}

std::uint8_t rarity_of(std::uint32_t occurrences, std::size_t records, std::size_t tries) {
  const double others = occurrences == 0 ? 0 : occurrences - 1;
  const double once = (others + kImaginedRecords * kImaginedFrequency) / (static_cast<double>(records) + kImaginedRecords);
  const double frequency = std::min(1.0, once * static_cast<double>(tries));
  return static_cast<std::uint8_t>(std::clamp(std::lround(-kEighthsOfABit * std::log2(frequency)), 0L, 255L));
}

double frequency_of(std::uint8_t rarity) { return std::exp2(-rarity / kEighthsOfABit); }

}  // namespace lantaarn::server::linkage
