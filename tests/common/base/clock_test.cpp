#include "common/base/clock.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn;

TEST_CASE("a new clock claims nothing it has not compared, and its boot has an id", "[base]") {
  const SystemClock clock;
  const ClockReading one = clock.now();
  const ClockReading two = clock.now();
  CHECK(one.status != ClockStatus::kOk);
  CHECK(two.monotonic_ms >= one.monotonic_ms);
  CHECK(one.boot_id == two.boot_id);
  CHECK(one.boot_id != ByteArray<kIdBytes>{});
  CHECK(SystemClock().now().boot_id == one.boot_id);
}

TEST_CASE("clock status keeps the numbers that are stored", "[base]") {
  CHECK(static_cast<int>(ClockStatus::kUnknown) == 0);
  CHECK(static_cast<int>(ClockStatus::kOk) == 1);
  CHECK(static_cast<int>(ClockStatus::kDoubtful) == 2);
}
