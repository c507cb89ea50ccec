#include "firmware_app/vault/clock_reading.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

constexpr std::int64_t kEvening = 1'795'375'800'000;

ClockObservation synced() {
  ClockObservation seen{kEvening, kEvening - 10'000'000, 700'000, {}};
  seen.boot_id.fill(1);
  return seen;
}

ClockReading later(std::int64_t passed_ms, std::int64_t off_ms) {
  ClockReading reading{kEvening + passed_ms + off_ms, 700'000 + passed_ms, {}, ClockStatus::kUnknown};
  reading.boot_id.fill(1);
  return reading;
}

}  // namespace

TEST_CASE("a clock is right only within the boot in which it was compared", "[vault]") {
  CHECK(judge_clock(later(60'000, 0), synced()).status == ClockStatus::kOk);
  ClockReading other_boot = later(60'000, 0);
  other_boot.boot_id.fill(2);
  CHECK(judge_clock(other_boot, synced()).status == ClockStatus::kUnknown);
  CHECK(judge_clock(later(0, 0), std::nullopt).status == ClockStatus::kUnknown);
}

TEST_CASE("a drift within the tolerance is right, one millisecond more is doubtful", "[vault]") {
  for (const int sign : {1, -1}) {
    CHECK(judge_clock(later(3'600'000, sign * kClockToleranceMs), synced()).status == ClockStatus::kOk);
    CHECK(judge_clock(later(3'600'000, sign * (kClockToleranceMs + 1)), synced()).status == ClockStatus::kDoubtful);
  }
}

TEST_CASE("a clock before this program was built stays doubtful, and no time is ever changed", "[vault]") {
  ClockReading reading = later(0, 0);
  reading.status = ClockStatus::kDoubtful;
  const ClockReading judged = judge_clock(reading, synced());
  CHECK(judged.status == ClockStatus::kDoubtful);
  CHECK(judged.wall_ms == reading.wall_ms);
}
