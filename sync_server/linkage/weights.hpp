#pragma once
// Fellegi–Sunter: what each agreement and disagreement weighs, learned from the records without anybody telling which
// pairs are right. Fellegi & Sunter, "A Theory for Record Linkage", JASA 64 (1969); term frequencies after Winkler.
//
// m: how often a level is seen in two records of one woman. u: how often in records of two women. Their prior values
// stand in weights.cpp and count as so many imagined pairs: in a register of fifty they decide, in one of a million the
// records do. u comes from pairs drawn blindly, m from the candidates by expectation maximisation.

#include <utility>
#include <vector>

#include "sync_server/linkage/compare.hpp"

namespace lantaarn::server::linkage {

/// Comparison::packed(), rising, and how many pairs compare like that: sums come out the same whatever came first.
using Histogram = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

/// Nobody is in two conversations at once; but one of the two may have been logged late, or for somebody else.
inline constexpr double kBitsAgainstPerOverlap = 3;

class Weights {
 public:
  /// The prior values alone, for `records` records.
  explicit Weights(std::size_t records);
  /// `candidates`: what blocking let through; whatever it did not is taken for two women. `drawn`: pairs drawn blindly,
  /// out of all there are. `same_names`: pairs of records whose first word called and first family word are the same, in
  /// the whole register: names go together (who is called Mihaela is more often Popescu), and then agree by chance
  /// together.
  [[nodiscard]] static Weights learn(std::size_t records, const Histogram& candidates, const Histogram& drawn,
                                     std::uint64_t same_names);

  /// That both are one woman, 0 … 1. Each of `against` says it again: two conversations that overlap in time.
  [[nodiscard]] double probability(const Comparison& comparison, unsigned against = 0) const;
  /// What all parts together add, before it is known how rare it is that two records are one woman's.
  [[nodiscard]] double evidence_bits(const Comparison& comparison) const;
  /// What one part adds, in bits; 0 where it is missing.
  [[nodiscard]] double bits(const Comparison& comparison, Part part) const;

 private:
  using Table = std::array<std::array<double, kNameLevels>, kParts>;
  void learn_m(const Histogram& candidates);
  void learn_u(const Histogram& drawn);
  void learn_togetherness(const Histogram& candidates, std::uint64_t same_names);
  Table m_{};
  Table u_{};
  /// By name part and level: the frequency at which an agreement weighs just m/u.
  std::array<std::array<double, kNameLevels>, 2> usual_frequency_{};
  double records_ = 0;
  double prior_bits_ = 0;
  double togetherness_bits_ = 0;
};

}  // namespace lantaarn::server::linkage
