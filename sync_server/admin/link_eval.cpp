#include "sync_server/admin/link_eval.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <chrono>

#include "sync_server/linkage/evaluate.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

Result<double> threshold_of(const Arguments& arguments) {
  if (!arguments.has("threshold")) return linkage::kProposeFrom;
  const std::string text = arguments.one("threshold");
  double threshold = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), threshold);
  const bool is_number = problem == std::errc{} && end == text.data() + text.size();
  if (!is_number || !(threshold >= 0 && threshold <= 1)) return refused("threshold_invalid");
  return threshold;
}

json::value or_null(const auto& value) { return value ? json::value(*value) : json::value(nullptr); }

json::object document_of(const linkage::Evaluation& evaluation, double threshold, double seconds) {
  return {{"records", evaluation.records},
          {"threshold", threshold},
          {"automatic_threshold", linkage::kProposeFrom},
          {"review_threshold", linkage::kReviewFrom},
          {"pairs_proposed", evaluation.proposed},
          {"true_pairs", or_null(evaluation.true_pairs)},
          {"pairs_found", or_null(evaluation.found)},
          {"precision", or_null(evaluation.precision)},
          {"recall", or_null(evaluation.recall)},
          {"f1", or_null(evaluation.f1)},
          {"false_merges", or_null(evaluation.false_merges)},
          {"review_band", evaluation.review_band},
          {"seconds", seconds}};
}

}  // namespace

Answer evaluate_linkage(const Arguments& arguments) {
  const auto begun = std::chrono::steady_clock::now();
  LANTAARN_ASSIGN(const double threshold, threshold_of(arguments));
  LANTAARN_ASSIGN(const LinkFile file, read_link_file(arguments.one("file")));
  linkage::ProposeOptions options;
  options.from = std::min(threshold, linkage::kReviewFrom);
  options.explained = false;
  const auto proposals = linkage::propose(file.records, {}, options);
  const auto evaluation = linkage::evaluate(file.records.size(), proposals, file.truth, threshold);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  return Output{document_of(evaluation, threshold, taken.count())};
}

}  // namespace lantaarn::server::admin
