#include "tools/programme/calendar.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::programme;

namespace {
int day(const char* date) { return to_day_number(parse_date(date).value()); }
}  // namespace

TEST_CASE("days of the week are those of the calendar", "[programme]") {
  CHECK(weekday_of(day("2026-01-01")) == 3);  // a Thursday
  CHECK(weekday_of(day("2026-06-30")) == 1);
  CHECK(weekday_of(day("1969-12-28")) == 6);
  CHECK(weekday_named("sunday") == 6);
  CHECK_FALSE(weekday_named("zondag").has_value());
}

TEST_CASE("a time on the wall is that time in winter, in summer and on the night the clock changes", "[programme]") {
  CHECK(to_amsterdam_text(moment(day("2026-01-15"), 20 * 60 + 15)) == "15-01-2026 20:15");
  CHECK(to_amsterdam_text(moment(day("2026-06-15"), 20 * 60 + 15)) == "15-06-2026 20:15");
  CHECK(to_amsterdam_text(moment(day("2026-03-29"), 4 * 60)) == "29-03-2026 04:00");
  CHECK(to_amsterdam_text(moment(day("2026-03-28"), 25 * 60)) == "29-03-2026 01:00");
}

TEST_CASE("a time is read from 00:00 through 23:59, and nothing else is", "[programme]") {
  CHECK(minute_of("00:00") == 0);
  CHECK(minute_of("23:59") == 23 * 60 + 59);
  for (const char* wrong : {"24:00", "20:60", "8:15", "20.15", "ab:cd", ""}) CHECK_FALSE(minute_of(wrong).has_value());
}
