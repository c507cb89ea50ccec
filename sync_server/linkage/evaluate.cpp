#include "sync_server/linkage/evaluate.hpp"

#include <unordered_map>

namespace lantaarn::server::linkage {
namespace {

std::uint64_t pairs_in(const std::vector<std::string>& truth) {
  std::unordered_map<std::string_view, std::uint64_t> records;
  for (const std::string& person : truth) ++records[person];
  std::uint64_t pairs = 0;
  for (const auto& [person, count] : records) pairs += count * (count - 1) / 2;
  return pairs;
}

double share(std::uint64_t part, std::uint64_t whole) { return whole == 0 ? 1 : static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

Evaluation evaluate(std::size_t records, const std::vector<Proposal>& proposals, const std::vector<std::string>& truth,
                    double threshold) {
  Evaluation result;
  result.records = records;
  std::uint64_t found = 0, false_merges = 0;
  for (const Proposal& proposal : proposals) {
    const bool right = !truth.empty() && truth[proposal.a] == truth[proposal.b];
    if (proposal.probability >= threshold) {
      ++result.proposed;
      found += right ? 1 : 0;
    }
    if (proposal.probability >= kProposeFrom) false_merges += right ? 0 : 1;
    else if (proposal.probability >= kReviewFrom) ++result.review_band;
  }
  if (truth.empty()) return result;
  result.true_pairs = pairs_in(truth);
  result.found = found;
  result.false_merges = false_merges;
  result.precision = share(found, result.proposed);
  result.recall = share(found, *result.true_pairs);
  const double sum = *result.precision + *result.recall;
  result.f1 = sum > 0 ? 2 * *result.precision * *result.recall / sum : 0;
  return result;
}

}  // namespace lantaarn::server::linkage
