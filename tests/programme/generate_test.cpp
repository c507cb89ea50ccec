#include <algorithm>
#include <catch2/catch.hpp>

#include "common/model/record_kinds.hpp"
#include "tests/programme/half_year.hpp"
#include "tools/programme/calendar.hpp"
#include "tools/programme/expected.hpp"

using namespace lantaarn;
using namespace lantaarn::programme;

namespace {

int day_of(const Fact& fact) { return to_day_number(date_in_amsterdam(fact.at_ms)); }

template <typename Fits>
std::int64_t count(const std::vector<Fact>& facts, const Fits& fits) {
  return std::count_if(facts.begin(), facts.end(), fits);
}

std::map<unsigned, int> contacts_by_month(const std::vector<Fact>& facts) {
  std::map<unsigned, int> months;
  for (const Fact& fact : facts) months[date_in_amsterdam(fact.at_ms).month] += fact.what == Do::kContact ? 1 : 0;
  return months;
}

}  // namespace

TEST_CASE("the same seed gives the same half year, another seed another", "[programme]") {
  Scenario scenario = half_year();
  const auto facts = generate(scenario);
  CHECK(facts == generate(scenario));
  CHECK(expected_figures(scenario, facts) == expected_figures(half_year(), generate(half_year())));
  ++scenario.seed;
  CHECK(facts != generate(scenario));
}

TEST_CASE("facts come in order and within the period", "[programme]") {
  const Scenario scenario = half_year();
  const auto facts = generate(scenario);
  CHECK(std::is_sorted(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.at_ms < b.at_ms; }));
  CHECK(count(facts, [&](const Fact& fact) { return day_of(fact) < scenario.from || day_of(fact) > scenario.through; }) == 0);
}

TEST_CASE("the seasons and the week are in it, whatever the seed", "[programme]") {
  Scenario scenario = half_year();
  for (scenario.seed = 1; scenario.seed <= 20; ++scenario.seed) {
    INFO("seed " << scenario.seed);
    const auto facts = generate(scenario);
    auto months = contacts_by_month(facts);
    CHECK(months[1] < months[6]);
    std::map<int, int> rounds;
    for (const Fact& fact : facts) rounds[weekday_of(day_of(fact))] += fact.what == Do::kRoundStart ? 1 : 0;
    CHECK(rounds[6] == 0);
    CHECK(rounds[1] > 20);
    CHECK(rounds[1] + rounds[3] + rounds[4] == count(facts, [](const Fact& fact) { return fact.what == Do::kRoundStart; }));
    CHECK(count(facts, [&](const Fact& fact) { return fact.what == Do::kRoundStart && scenario.holidays.count(day_of(fact)) != 0; }) == 0);
  }
}

TEST_CASE("every kind of record occurs, and every one is acceptable when it is written", "[programme]") {
  Scenario scenario = half_year();
  const auto facts = generate(scenario);
  for (const model::RecordKind& kind : model::record_kinds()) {
    INFO(kind.kind);
    CHECK(count(facts, [&](const Fact& fact) { return fact.what == Do::kRecord && fact.kind == kind.kind; }) > 0);
  }
  for (scenario.seed = 1; scenario.seed <= 20; ++scenario.seed) {
    std::map<std::string, model::FieldValues> records;
    for (const Fact& fact : generate(scenario)) {
      if (fact.what != Do::kRecord && fact.what != Do::kRecordChange) continue;
      auto& values = records[fact.what == Do::kRecord ? fact.label : fact.of];
      for (const auto& [field, value] : fact.fields) values[field] = value.starts_with('@') ? std::string(32, 'a') : value;
      INFO("seed " << scenario.seed << ", " << fact.kind << " " << fact.label << fact.of);
      CHECK(model::check_record(*model::find_record_kind(fact.kind), values).ok());
    }
  }
}

TEST_CASE("what comes later speaks of what came before, by the same person on the same handheld", "[programme]") {
  Scenario scenario = half_year();
  for (scenario.seed = 1; scenario.seed <= 20; ++scenario.seed) {
    std::map<std::string, Fact> known;
    for (const Fact& fact : generate(scenario)) {
      if (!fact.label.empty()) known[fact.label] = fact;
      if (fact.of.empty()) continue;
      INFO("seed " << scenario.seed << ", " << to_amsterdam_text(fact.at_ms) << " " << fact.kind);
      REQUIRE(known.count(fact.of) == 1);
      CHECK(known[fact.of].by == fact.by);
      CHECK(known[fact.of].handheld == fact.handheld);
    }
  }
}

TEST_CASE("the rules of the programme hold in every half year", "[programme]") {
  Scenario scenario = half_year();
  for (scenario.seed = 1; scenario.seed <= 20; ++scenario.seed) {
    INFO("seed " << scenario.seed);
    Figures figures = expected_figures(scenario, generate(scenario));
    CHECK(figures["stays"] <= 6);
    CHECK(figures["stay cents"] == figures["stay days"] * 13927);
    CHECK(figures["budget balance"] >= 0);
    CHECK(figures["women in view"] == 27);  // two leave, two come
    CHECK(figures["hours casework_direct leader unknown"] == 1);
    CHECK(figures["review cases"] == 3);
  }
}

TEST_CASE("one handheld stays away for three weeks, another has a wrong clock for one", "[programme]") {
  const Scenario scenario = half_year();
  std::map<std::string, std::vector<int>> syncs;
  int wrong = 0, right = 0;
  for (const Fact& fact : generate(scenario)) {
    if (fact.what == Do::kSync) syncs[fact.handheld].push_back(day_of(fact));
    if (fact.what == Do::kClockWrong) wrong = day_of(fact);
    if (fact.what == Do::kClockRight) right = day_of(fact);
  }
  const auto longest = [](const std::vector<int>& days) {
    int gap = 0;
    for (std::size_t i = 1; i < days.size(); ++i) gap = std::max(gap, days[i] - days[i - 1]);
    return gap;
  };
  CHECK(longest(syncs["h1"]) <= 8);
  CHECK(longest(syncs["h3"]) >= 21);
  CHECK(right - wrong == 6);
  for (const auto& [handheld, days] : syncs) CHECK(days.back() == scenario.through);
}
