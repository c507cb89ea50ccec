#pragma once
// The scenario that users play, as the tests read it.

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/process.hpp"
#include "tools/programme/scenario.hpp"

namespace lantaarn::programme {

inline std::string half_year_text() {
  std::ifstream file(support::source_path("tools/scenarios/half-year.json"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

inline Scenario half_year() {
  auto scenario = read_scenario(half_year_text());
  if (!scenario.ok()) throw std::runtime_error(scenario.error().args.front());
  return std::move(*scenario);
}

}  // namespace lantaarn::programme
