#include "common/model/retention.hpp"

#include <string>

namespace lantaarn::model {
namespace {

constexpr RetentionTerm kTerms[] = {{"care", 7305}, {"programme", 2557}, {"attention", 0}, {"unknown_person", 30}};

}  // namespace

std::span<const RetentionTerm> retention_terms() { return kTerms; }

Status check_retention(std::string_view retention) {
  std::string valid;
  for (const RetentionTerm& term : kTerms) {
    if (term.retention == retention) return {};
    valid += (valid.empty() ? "" : ", ") + std::string(term.retention);
  }
  return refused("unknown_code", {"retention", std::string(retention), valid});
}

}  // namespace lantaarn::model
