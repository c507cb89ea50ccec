#include "sync_server/merge/clock_repair.hpp"

#include <algorithm>
#include <cstdlib>

namespace lantaarn::server {
namespace {

// Clocks can say anything; differences of such values stay within 64 bits.
constexpr std::int64_t kSaneMs = INT64_MAX / 4;
std::int64_t sane(std::int64_t ms) { return std::clamp(ms, -kSaneMs, kSaneMs); }

}  // namespace

std::optional<std::int64_t> repaired_time(std::int64_t occurred_ms, std::int64_t recorded_wall_ms, std::int64_t recorded_monotonic_ms,
                                          const std::vector<ClockSample>& samples) {
  if (samples.empty()) return std::nullopt;
  const auto distance = [&](const ClockSample& sample) {
    return std::llabs(sane(sample.device_monotonic_ms) - sane(recorded_monotonic_ms));
  };
  const ClockSample& nearest = *std::min_element(samples.begin(), samples.end(), [&](const ClockSample& a, const ClockSample& b) {
    return std::pair(distance(a), a.event) < std::pair(distance(b), b.event);
  });
  const std::int64_t recorded = sane(nearest.server_wall_ms) - (sane(nearest.device_monotonic_ms) - sane(recorded_monotonic_ms));
  const std::int64_t off_by = recorded - sane(recorded_wall_ms);
  if (std::llabs(off_by) <= kClockToleranceMs) return std::nullopt;
  if (std::llabs(sane(occurred_ms) - sane(recorded_wall_ms)) > kTypedTimeMs) return std::nullopt;
  return sane(occurred_ms) + off_by;
}

}  // namespace lantaarn::server
