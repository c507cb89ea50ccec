// The programme's arithmetic, against its own documents.
#include <catch2/catch.hpp>

#include "common/model/rules.hpp"

using namespace lantaarn;
using namespace lantaarn::model;

namespace {

CivilDate date(const char* text) { return *parse_date(text); }

}  // namespace

TEST_CASE("42 days of time-out cost 5,849.34 euros, 84 days 11,698.68", "[model][rules]") {
  CHECK(stay_days(date("2023-11-20"), date("2023-12-31")) == 42);
  CHECK(euros_text(stay_cents(date("2023-11-20"), date("2023-12-31"), {})) == "5849.34");
  std::int64_t year = 0;
  int days = 0;
  for (const char* from : {"2024-01-01", "2024-03-01", "2024-05-01", "2024-07-01", "2024-09-01", "2024-11-01"}) {
    const CivilDate through = add_days(date(from), kStayDaysMax - 1);
    days += stay_days(date(from), through);
    year += stay_cents(date(from), through, {});
  }
  CHECK(days == 84);
  CHECK(euros_text(year) == "11698.68");
}

TEST_CASE("a day costs what the tariff of that day says", "[model][rules]") {
  const std::vector<Tariff> tariffs = {{to_day_number(date("2025-01-01")), 150'00}, {to_day_number(date("2023-01-01")), 139'27}};
  CHECK(stay_cents(date("2024-12-31"), date("2025-01-01"), tariffs) == 139'27 + 150'00);
  CHECK(stay_cents(date("2022-12-31"), date("2022-12-31"), tariffs) == kTimeOutCentsADay);
  CHECK(stay_cents(date("2025-01-02"), date("2025-01-01"), tariffs) == 0);
}

TEST_CASE("a stay warns from its twelfth day and is too long after fourteen", "[model][rules]") {
  CHECK(stay_state(11) == StayState::kFine);
  CHECK(stay_state(12) == StayState::kEndsSoon);
  CHECK(stay_state(14) == StayState::kEndsSoon);
  CHECK(stay_state(15) == StayState::kTooLong);
}

TEST_CASE("hours from August to December 2021 add up to 66.50 and 106.50", "[model][rules]") {
  MinutesTotal leader, support;
  for (const std::int64_t minutes : {1395, 690, 150, 420, 1335}) leader.add(minutes);
  for (const std::int64_t minutes : {3930, 420, 1110, 120, 810}) support.add(minutes);
  CHECK(hours_text(leader.minutes) == "66.50");
  CHECK(hours_text(support.minutes) == "106.50");
  CHECK(leader.unknown == 0);
}

TEST_CASE("January 2022: a blank is unknown and stays so, a dash is nil", "[model][rules]") {
  MinutesTotal leader, support;
  for (const std::int64_t minutes : {450, 360, 150, 30}) leader.add(minutes);
  leader.add(std::nullopt);
  for (const std::int64_t minutes : {60, 0, 210, 90, 0}) support.add(minutes);
  CHECK(leader == MinutesTotal{990, 1});
  CHECK(hours_text(leader.minutes) == "16.50");
  CHECK(support == MinutesTotal{360, 0});
  CHECK(hours_text(support.minutes, ',') == "6,00");
}

TEST_CASE("hours and euros have two decimals, rounded where a minute asks for it", "[model][rules]") {
  CHECK(hours_text(20) == "0.33");
  CHECK(hours_text(40) == "0.67");
  CHECK(hours_text(0) == "0.00");
  CHECK(euros_text(5) == "0.05");
  CHECK(euros_text(-1'50) == "-1.50");
}

TEST_CASE("out of sight comes the day after the term of her intensity", "[model][rules]") {
  const CivilDate spoken = date("2026-01-01");
  struct Row {
    const char* intensity;
    int days;
  };
  for (const Row& row : {Row{"intensive", 7}, Row{"light_supplementary", 21}, Row{"light_consultative", 42}, Row{"", 42}}) {
    INFO(row.intensity);
    CHECK_FALSE(is_out_of_sight(row.intensity, spoken, spoken, add_days(spoken, row.days)));
    CHECK(is_out_of_sight(row.intensity, spoken, spoken, add_days(spoken, row.days + 1)));
  }
  CHECK(is_out_of_sight("intensive", std::nullopt, spoken, add_days(spoken, 8)));
}

TEST_CASE("waiting is counted until it ended, else until today, and never below nothing", "[model][rules]") {
  CHECK(waiting_days(date("2026-01-01"), date("2026-01-31"), date("2026-06-01")) == 30);
  CHECK(waiting_days(date("2026-01-01"), std::nullopt, date("2026-01-11")) == 10);
  CHECK(waiting_days(date("2026-02-01"), std::nullopt, date("2026-01-11")) == 0);
}

TEST_CASE("what is not assessed has no number, and versions of the instrument are not compared", "[model][rules]") {
  const FieldValues first = {{"instrument", "zrm_2013"}, {"housing", "2"}, {"finances", "1"}};
  const FieldValues last = {{"instrument", "zrm_2013"}, {"housing", "4"}};
  const auto changes = zrm_changes(first, last);
  REQUIRE(changes.size() == 11);
  CHECK(changes[0] == ZrmChange{"finances", 1, std::nullopt});
  CHECK(changes[2] == ZrmChange{"housing", 2, 4});
  CHECK(changes[10] == ZrmChange{"justice", std::nullopt, std::nullopt});
  CHECK(zrm_changes(first, {{"instrument", "zrm_2017"}, {"housing", "4"}}).empty());
}

TEST_CASE("an attention note ends after ninety days", "[model][rules]") {
  CHECK(to_string(attention_ends(date("2026-01-01"))) == "2026-04-01");
}

TEST_CASE("conversations overlap when one begins before the other ends", "[model][rules]") {
  constexpr std::int64_t kMinute = 60'000;
  CHECK(conversations_overlap(0, 10, 9 * kMinute, 10));
  CHECK_FALSE(conversations_overlap(0, 10, 10 * kMinute, 10));
  CHECK(conversations_overlap(5 * kMinute, 0, 5 * kMinute, 0));
}
