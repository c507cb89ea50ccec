#pragma once
// When to try again. A pure function: whoever waits brings the randomness.

#include <cstdint>

namespace lantaarn::firmware {

inline constexpr std::int64_t kFirstRetryMs = 15'000;
inline constexpr std::int64_t kLongestRetryMs = 30 * 60'000;

/// After `failures` (>= 1) attempts in a row: doubling up to kLongestRetryMs, minus up to a quarter by `random`, so that
/// handhelds that lost the same server do not come back at the same instant.
[[nodiscard]] std::int64_t retry_delay_ms(unsigned failures, std::uint64_t random);

}  // namespace lantaarn::firmware
