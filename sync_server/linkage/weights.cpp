#include "sync_server/linkage/weights.hpp"

#include <algorithm>
#include <cmath>

namespace lantaarn::server::linkage {
namespace {

using Table = std::array<std::array<double, kNameLevels>, kParts>;

// Beliefs before any record is seen, in the order of kLevels. Each row sums to one.
constexpr Table kPriorM = {{
    {0.67, 0.12, 0.10, 0.08, 0.015, 0.015},  // called: same, sounds, pet form, typo, similar, different
    {0.80, 0.06, 0.001, 0.09, 0.02, 0.029},  // family; "different" is also a name by marriage
    {0.80, 0.20},                           // further
    {0.97, 0.03},                           // order
    {0.93, 0.05, 0.02},                     // year: same, near, different
    {0.94, 0.04, 0.02},                     // month
    {0.92, 0.05, 0.02, 0.01},               // day, and day and month swapped
}};
constexpr Table kPriorU = {{
    {0.01, 0.002, 0.005, 0.004, 0.02, 0.959},
    {0.004, 0.001, 0.0001, 0.002, 0.01, 0.9829},
    {0.02, 0.98},
    {0.5, 0.5},
    {0.02, 0.13, 0.85},
    {0.085, 0.30, 0.615},
    {0.034, 0.24, 0.72, 0.006},
}};
constexpr double kPriorPairsM = 60;
constexpr double kPriorPairsU = 4000;
// One pair to ten records, believed as firmly as fifty records would tell.
constexpr double kPriorDuplicates = 0.1;
constexpr double kPriorRecords = 50;
// However small the register: two records that say nothing are not proposed for that.
constexpr double kPriorShareMax = 0.02;
constexpr double kUsualFrequency = 0.01;

constexpr int kRoundsMax = 30;
constexpr double kSettled = 1e-6;
// A rare name cannot make up for a misspelling without bound.
constexpr double kRarityBitsMax = 5;
// Chance agreements of whole names that are imagined to be just as many as two independent names would give.
constexpr double kPriorSameNames = 20;
constexpr double kTogethernessBitsMax = 6;

bool is_name(std::size_t part) { return part < 2; }

bool agrees(const Comparison& comparison, Part part) { return comparison.of(part) < static_cast<std::uint8_t>(Likeness::kDifferent); }
bool same_name(const Comparison& comparison, Part part) { return comparison.of(part) == static_cast<std::uint8_t>(Likeness::kSame); }

double prior_bits(double duplicates_per_record, double records) {
  const double share = std::min(kPriorShareMax, 2 * duplicates_per_record / std::max(1.0, records - 1));
  return std::log2(share / (1 - share));
}

// Level counts of one part, and how many pairs had the part at all.
struct Tally {
  Table counts{};
  double pairs = 0;

  void add(const Comparison& comparison, double weight) {
    pairs += weight;
    for (std::size_t part = 0; part < kParts; ++part) {
      if (comparison.level[part] != kMissing) counts[part][comparison.level[part]] += weight;
    }
  }
  void estimate(const Table& prior, double prior_pairs, Table& into) const {
    for (std::size_t part = 0; part < kParts; ++part) {
      double seen = prior_pairs;
      for (std::size_t level = 0; level < kLevels[part]; ++level) seen += counts[part][level];
      for (std::size_t level = 0; level < kLevels[part]; ++level) {
        into[part][level] = (counts[part][level] + prior_pairs * prior[part][level]) / seen;
      }
    }
  }
};

double difference(const Table& a, const Table& b) {
  double most = 0;
  for (std::size_t part = 0; part < kParts; ++part) {
    for (std::size_t level = 0; level < kLevels[part]; ++level) most = std::max(most, std::abs(a[part][level] - b[part][level]));
  }
  return most;
}

}  // namespace

Weights::Weights(std::size_t records)
    : m_(kPriorM), u_(kPriorU), records_(static_cast<double>(records)), prior_bits_(prior_bits(kPriorDuplicates, records_)) {
  for (auto& part : usual_frequency_) part.fill(kUsualFrequency);
}

double Weights::bits(const Comparison& comparison, Part part) const {
  const auto at = static_cast<std::size_t>(part);
  const std::uint8_t level = comparison.level[at];
  if (level == kMissing) return 0;
  if (part == Part::kOrder) return level == 0 ? 0 : std::log2(m_[at][1]);
  double bits = std::log2(m_[at][level] / u_[at][level]);
  if (!is_name(at) || level == static_cast<std::uint8_t>(Likeness::kDifferent)) return bits;
  const double rarer = std::log2(usual_frequency_[at][level] / frequency_of(comparison.rarity[at]));
  return bits + (level == static_cast<std::uint8_t>(Likeness::kSame) ? rarer : std::clamp(rarer, -kRarityBitsMax, kRarityBitsMax));
}

double Weights::evidence_bits(const Comparison& comparison) const {
  double sum = 0;
  for (std::size_t part = 0; part < kParts; ++part) sum += bits(comparison, static_cast<Part>(part));
  const bool whole_name = agrees(comparison, Part::kCalled) && agrees(comparison, Part::kFamily);
  return whole_name ? sum - togetherness_bits_ : sum;
}

double Weights::probability(const Comparison& comparison, unsigned against) const {
  return 1 / (1 + std::exp2(-(prior_bits_ + evidence_bits(comparison) - kBitsAgainstPerOverlap * against)));
}

void Weights::learn_m(const Histogram& candidates) {
  Tally tally;
  for (const auto& [packed, count] : candidates) {
    const Comparison comparison = Comparison::unpack(packed);
    tally.add(comparison, probability(comparison) * static_cast<double>(count));
  }
  tally.estimate(kPriorM, kPriorPairsM, m_);
  const double duplicates = (tally.pairs + kPriorRecords * kPriorDuplicates) / (records_ + kPriorRecords);
  prior_bits_ = prior_bits(duplicates, records_);
}

void Weights::learn_u(const Histogram& drawn) {
  Tally tally;
  std::array<std::array<double, kNameLevels>, 2> inverse{}, seen{};
  for (const auto& [packed, count] : drawn) {
    const Comparison comparison = Comparison::unpack(packed);
    const double weight = (1 - probability(comparison)) * static_cast<double>(count);
    tally.add(comparison, weight);
    for (std::size_t part = 0; part < 2; ++part) {
      const std::uint8_t level = comparison.level[part];
      if (level >= static_cast<std::uint8_t>(Likeness::kDifferent)) continue;
      seen[part][level] += weight;
      inverse[part][level] += weight / frequency_of(comparison.rarity[part]);
    }
  }
  tally.estimate(kPriorU, kPriorPairsU, u_);
  // The harmonic mean over two women's agreements: then these weigh m/u on average, as u says they do.
  for (std::size_t part = 0; part < 2; ++part) {
    for (std::size_t level = 0; level < kNameLevels; ++level) {
      const double imagined = kPriorPairsU * kPriorU[part][level];
      usual_frequency_[part][level] = (seen[part][level] + imagined) / (inverse[part][level] + imagined / kUsualFrequency);
    }
  }
}

void Weights::learn_togetherness(const Histogram& candidates, std::uint64_t same_names) {
  double of_one_woman = 0;
  for (const auto& [packed, count] : candidates) {
    const Comparison comparison = Comparison::unpack(packed);
    if (!same_name(comparison, Part::kCalled) || !same_name(comparison, Part::kFamily)) continue;
    of_one_woman += probability(comparison) * static_cast<double>(count);
  }
  const double by_chance = std::max(0.0, static_cast<double>(same_names) - of_one_woman);
  const double expected = records_ * (records_ - 1) / 2 * u_[0][0] * u_[1][0];
  const double ratio = (by_chance + kPriorSameNames) / (expected + kPriorSameNames);
  togetherness_bits_ = std::clamp(std::log2(ratio), 0.0, kTogethernessBitsMax);
}

Weights Weights::learn(std::size_t records, const Histogram& candidates, const Histogram& drawn, std::uint64_t same_names) {
  Weights weights(records);
  for (int round = 0; round < kRoundsMax; ++round) {
    const Table before = weights.m_;
    weights.learn_u(drawn);
    weights.learn_togetherness(candidates, same_names);
    weights.learn_m(candidates);
    if (difference(before, weights.m_) < kSettled) break;
  }
  return weights;
}

}  // namespace lantaarn::server::linkage
