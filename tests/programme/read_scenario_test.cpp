#include <catch2/catch.hpp>

#include "tests/programme/half_year.hpp"

using namespace lantaarn;
using namespace lantaarn::programme;

namespace {

std::string said(const std::string& text) {
  const auto scenario = read_scenario(text);
  REQUIRE_FALSE(scenario.ok());
  CHECK(scenario.error().code == "scenario_wrong");
  return scenario.error().args.front();
}

std::string with(const std::string& part, const std::string& instead) {
  std::string text = half_year_text();
  const auto at = text.find(part);
  REQUIRE(at != std::string::npos);
  return text.replace(at, part.size(), instead);
}

}  // namespace

TEST_CASE("the scenario that comes with the project can be read", "[programme]") {
  const Scenario scenario = half_year();
  CHECK(scenario.women.size() == 27);
  CHECK(scenario.handhelds.size() == 3);
  CHECK(scenario.person("project_lead") == "Hilde");
}

TEST_CASE("a mistake in a scenario is refused with the place where it stands", "[programme]") {
  const std::string good = half_year_text();
  CHECK(said(good.substr(0, good.size() / 2)).find("line ") == 0);
  CHECK(said("{}").find("plays: \"programme\" expected") == 0);
  CHECK(said(with("\"seed\": 2026", "\"seeds\": 2026")).find("'seeds' is not known here") != std::string::npos);
  CHECK(said(with("\"from\": \"2026-01-01\"", "\"from\": \"2026-02-30\"")).find("period: from") != std::string::npos);
  CHECK(said(with("\"primary\": \"Maaike\"", "\"primary\": \"Marie\"")).find("'Marie' is not among the staff") != std::string::npos);
  CHECK(said(with("\"weekdays\": [\"tuesday\"", "\"weekdays\": [\"dinsdag\"")).find("rounds: weekdays") != std::string::npos);
  CHECK(said(with("\"debt_help\": 2", "\"debts\": 2")).find("records: referral: partner") != std::string::npos);
  CHECK(said(with("\"bottleneck\": {", "\"blockage\": {")).find("not a kind of record") != std::string::npos);
  CHECK(said(with("\"a_month\": 6", "\"a_moth\": 6")).find("'a_moth' is not known here") != std::string::npos);
  CHECK(said(with("\"governance\": {", "\"governing\": {")).find("'governing' is not possible here") != std::string::npos);
  CHECK(said(with("\"by\": \"Fatma\"", "\"by\": \"Fatima\"")).find("'Fatima' is not among the staff") != std::string::npos);
  CHECK(said(with("\"days\": [4, 14]", "\"days\": [14, 4]")).find("[least, most]") != std::string::npos);
}
