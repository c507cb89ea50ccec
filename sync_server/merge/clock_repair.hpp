#pragma once
// When a handheld's clock was wrong, the server's look at it (ClockObserved) tells what the time really was. For display
// only: repaired times decide nothing and are outside the digest. Pure.

#include <cstdint>
#include <optional>
#include <vector>

#include "common/base/id.hpp"

namespace lantaarn::server {

inline constexpr std::int64_t kClockToleranceMs = 2 * 60 * 1000;
/// A time that was typed in (not read from the clock) is farther than this from the moment of recording.
inline constexpr std::int64_t kTypedTimeMs = 24LL * 3600 * 1000;

/// One ClockObserved of the same device and boot.
struct ClockSample {
  std::int64_t server_wall_ms = 0;
  std::int64_t device_monotonic_ms = 0;
  EventId event;
};

/// The repaired time of what is said to have occurred at `occurred_ms`, recorded at (wall, monotonic). The sample nearest
/// in monotonic time counts. Nothing when there is no sample, the clock was right, or the time was typed in.
[[nodiscard]] std::optional<std::int64_t> repaired_time(std::int64_t occurred_ms, std::int64_t recorded_wall_ms,
                                                        std::int64_t recorded_monotonic_ms,
                                                        const std::vector<ClockSample>& samples);

}  // namespace lantaarn::server
