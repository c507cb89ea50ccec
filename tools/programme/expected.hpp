#pragma once
// What the registry must show in the end, from the facts alone: nothing a program said is used, and none of its
// arithmetic. The names are those that tools/play/outcome.py gives to the registry's own figures.

#include "tools/programme/fact.hpp"

namespace lantaarn::programme {

using Figures = std::map<std::string, std::int64_t>;

/// As of the last day of the period.
[[nodiscard]] Figures expected_figures(const Scenario& scenario, const std::vector<Fact>& facts);

}  // namespace lantaarn::programme
