#pragma once
// How good proposals are where the truth is known.

#include "sync_server/linkage/propose.hpp"

namespace lantaarn::server::linkage {

struct Evaluation {
  std::uint64_t records = 0;
  std::uint64_t proposed = 0;      ///< pairs at or above the threshold
  std::uint64_t review_band = 0;   ///< pairs from kReviewFrom up to the threshold of automatic proposals
  /// With truth only, else nothing.
  std::optional<std::uint64_t> true_pairs = {};
  std::optional<std::uint64_t> found = {};         ///< true pairs among the proposed
  std::optional<std::uint64_t> false_merges = {};  ///< wrong pairs at or above kProposeFrom
  std::optional<double> precision = {};            ///< 1 when nothing was proposed
  std::optional<double> recall = {};               ///< 1 when there was nothing to find
  std::optional<double> f1 = {};
};

/// `truth`: whose record it is, by place in the vector of records; empty when nobody knows. `proposals` come from
/// propose() with `from` no higher than both kReviewFrom and `threshold`.
[[nodiscard]] Evaluation evaluate(std::size_t records, const std::vector<Proposal>& proposals, const std::vector<std::string>& truth,
                                  double threshold);

}  // namespace lantaarn::server::linkage
