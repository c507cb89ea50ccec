#include "common/base/civil_time.hpp"

#include <catch2/catch.hpp>

#include "tests/support/random.hpp"

using namespace lantaarn;

namespace {
std::int64_t at(std::string_view text) {
  const auto ms = parse_rfc3339(text);
  REQUIRE(ms.has_value());
  return *ms;
}
}  // namespace

TEST_CASE("an instant is written in RFC 3339 with milliseconds", "[base]") {
  CHECK(to_rfc3339(0) == "1970-01-01T00:00:00.000Z");
  CHECK(to_rfc3339(1'795'375'800'123) == "2026-11-22T19:30:00.123Z");
  CHECK(to_rfc3339(-1) == "1969-12-31T23:59:59.999Z");
  CHECK(to_rfc3339(-86'400'000) == "1969-12-31T00:00:00.000Z");
}

TEST_CASE("the instants of RFC 3339 section 5.8 are read", "[base]") {
  CHECK(at("1985-04-12T23:20:50.52Z") == 482'196'050'520);
  CHECK(at("1996-12-19T16:39:57-08:00") == at("1996-12-20T00:39:57Z"));
  CHECK(at("1990-12-31T23:59:60Z") == at("1991-01-01T00:00:00Z"));
  CHECK(at("1990-12-31T15:59:60-08:00") == at("1991-01-01T00:00:00Z"));
  CHECK(at("1937-01-01T12:00:27.87+00:20") == at("1937-01-01T11:40:27.870Z"));
}

TEST_CASE("an instant may spell T and Z small, and its fraction to any length", "[base]") {
  CHECK(at("2026-11-22t19:30:00z") == at("2026-11-22T19:30:00Z"));
  CHECK(at("2026-11-22T19:30:00.1Z") - at("2026-11-22T19:30:00Z") == 100);
  CHECK(at("2026-11-22T19:30:00.1239999Z") - at("2026-11-22T19:30:00Z") == 123);
  CHECK(at("2024-02-29T00:00:00+23:59") == at("2024-02-28T00:01:00Z"));
}

TEST_CASE("what is not an instant is not read as one", "[base]") {
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T19:30:00", "2026-11-22 19:30:00Z", "2026-11-22T19:30Z", "2026-11-22T24:00:00Z",
        "2026-11-22T19:60:00Z", "2026-11-22T19:30:61Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-11-31T00:00:00Z", "2026-11-22T19:30:00.Z", "2026-11-22T19:30:00+1:00", "2026-11-22T19:30:00+24:00",
        "2026-11-22T19:30:00+01:60", "2026-11-22T19:30:00Zx", " 2026-11-22T19:30:00Z", "+026-11-22T19:30:00Z"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("any instant comes back from its text", "[base]") {
  LANTAARN_RANDOM(random);
  for (int i = 0; i < 1000; ++i) {
    const auto ms = static_cast<std::int64_t>(random.below(4'000'000'000'000)) - 1'000'000'000'000;
    CHECK(parse_rfc3339(to_rfc3339(ms)) == ms);
  }
}

TEST_CASE("a date is real or it is not a date", "[base]") {
  CHECK(parse_date("2024-02-29") == CivilDate{2024, 2, 29});
  CHECK(parse_date("2000-02-29") == CivilDate{2000, 2, 29});
  for (const char* text : {"2026-02-29", "1900-02-29", "2026-04-31", "2026-1-01", "2026/01/01", "01-01-2026", "2026-01-01 ", "2026-01-1x"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_date(text).has_value());
  }
}

TEST_CASE("days are counted across months, leap days and years", "[base]") {
  CHECK(to_string(add_days({2026, 12, 31}, 1)) == "2027-01-01");
  CHECK(to_string(add_days({2024, 2, 28}, 1)) == "2024-02-29");
  CHECK(to_string(add_days({2026, 3, 1}, -1)) == "2026-02-28");
  CHECK(to_day_number({1970, 1, 1}) == 0);
  CHECK(to_day_number({1969, 12, 31}) == -1);
  for (int day = -1000; day < 40'000; day += 7) CHECK(to_day_number(from_day_number(day)) == day);
}

TEST_CASE("summer time in Amsterdam begins and ends at 01:00 UTC on a last Sunday", "[base]") {
  struct Edge {
    const char* before;  // the last millisecond of the old offset
    int from;
    int to;
  };
  const auto edge = GENERATE(values<Edge>({
      {"2026-03-29T00:59:59.999Z", 60, 120},
      {"2026-10-25T00:59:59.999Z", 120, 60},
      {"2024-03-31T00:59:59.999Z", 60, 120},  // the 31st itself is a Sunday
      {"2027-10-31T00:59:59.999Z", 120, 60},
  }));
  CAPTURE(edge.before);
  CHECK(amsterdam_offset_minutes(at(edge.before)) == edge.from);
  CHECK(amsterdam_offset_minutes(at(edge.before) + 1) == edge.to);
}

TEST_CASE("the hour that the clocks skip, and the one they repeat, are written as people see them", "[base]") {
  CHECK(to_amsterdam_text(at("2026-03-29T00:59:00Z")) == "29-03-2026 01:59");
  CHECK(to_amsterdam_text(at("2026-03-29T01:00:00Z")) == "29-03-2026 03:00");
  CHECK(to_amsterdam_text(at("2026-10-25T00:30:00Z")) == "25-10-2026 02:30");
  CHECK(to_amsterdam_text(at("2026-10-25T01:30:00Z")) == "25-10-2026 02:30");
}

TEST_CASE("a date is Amsterdam's, also in the hours when UTC has another", "[base]") {
  CHECK(to_string(date_in_amsterdam(at("2026-11-22T22:59:59Z"))) == "2026-11-22");
  CHECK(to_string(date_in_amsterdam(at("2026-11-22T23:00:00Z"))) == "2026-11-23");
  CHECK(to_string(date_in_amsterdam(at("2026-07-01T21:59:59Z"))) == "2026-07-01");
  CHECK(to_string(date_in_amsterdam(at("2026-07-01T22:00:00Z"))) == "2026-07-02");
  CHECK(to_string(date_in_amsterdam(at("2026-12-31T23:30:00Z"))) == "2027-01-01");
}
