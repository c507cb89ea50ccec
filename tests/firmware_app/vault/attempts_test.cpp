#include "firmware_app/vault/attempts.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

ClockReading at(std::uint8_t boot, std::int64_t monotonic_ms) {
  ClockReading reading;
  reading.boot_id.fill(boot);
  reading.monotonic_ms = monotonic_ms;
  return reading;
}

Attempts wrong(int count) {
  Attempts attempts;
  for (int i = 0; i < count; ++i) attempts = counted(attempts, at(1, 1'000'000));
  return attempts;
}

}  // namespace

TEST_CASE("three wrong PINs are free, then the wait is 30 s and doubles up to an hour", "[vault]") {
  CHECK(wait_after_ms(0) == 0);
  CHECK(wait_after_ms(2) == 0);
  CHECK(wait_after_ms(3) == 30'000);
  CHECK(wait_after_ms(4) == 60'000);
  CHECK(wait_after_ms(9) == 1'920'000);
  CHECK(wait_after_ms(10) == 3'600'000);
  CHECK(wait_after_ms(1'000'000) == 3'600'000);
}

TEST_CASE("the wait is over exactly when it is over", "[vault]") {
  CHECK(wait_left_ms(wrong(2), at(1, 1'000'000)) == 0);
  CHECK(wait_left_ms(wrong(3), at(1, 1'000'000)) == 30'000);
  CHECK(wait_left_ms(wrong(3), at(1, 1'029'999)) == 1);
  CHECK(wait_left_ms(wrong(3), at(1, 1'030'000)) == 0);
}

TEST_CASE("a reboot does not shorten the wait, and the wall clock plays no part", "[vault]") {
  CHECK(wait_left_ms(wrong(4), at(2, 0)) == 60'000);
  CHECK(wait_left_ms(wrong(4), at(2, 59'000)) == 1'000);
  ClockReading future = at(1, 1'000'000);
  future.wall_ms = 4'000'000'000'000;
  CHECK(wait_left_ms(wrong(4), future) == 60'000);
}

TEST_CASE("a monotonic clock that went back makes her wait the whole time, no more", "[vault]") {
  CHECK(wait_left_ms(wrong(3), at(1, 5)) == 30'000);
}
