#include "firmware_app/uplink/back_off.hpp"

#include <catch2/catch.hpp>

using namespace lantaarn::firmware;

TEST_CASE("the wait doubles up to half an hour and never falls below three quarters of that", "[uplink]") {
  CHECK(retry_delay_ms(1, 0) == kFirstRetryMs);
  CHECK(retry_delay_ms(2, 0) == 2 * kFirstRetryMs);
  CHECK(retry_delay_ms(4, 0) == 8 * kFirstRetryMs);
  for (const unsigned failures : {0U, 1U, 7U, 8U, 9U, 40U, ~0U}) {
    const auto longest = retry_delay_ms(failures, 0);
    CHECK(longest <= kLongestRetryMs);
    for (const std::uint64_t random : {1ULL, 12345ULL, ~0ULL}) {
      CHECK(retry_delay_ms(failures, random) <= longest);
      CHECK(retry_delay_ms(failures, random) >= longest * 3 / 4);
    }
  }
  CHECK(retry_delay_ms(~0U, 0) == kLongestRetryMs);
}
