#pragma once
// What a sync taught us about the clock, and what that makes of a later look at it. Pure.

#include <optional>

#include "common/base/clock.hpp"

namespace lantaarn::firmware {

inline constexpr std::int64_t kClockToleranceMs = 120'000;

/// The server's time beside our own clocks, at one moment.
struct ClockObservation {
  std::int64_t server_wall_ms = 0;
  std::int64_t wall_ms = 0;
  std::int64_t monotonic_ms = 0;
  ByteArray<kIdBytes> boot_id{};
};

/// The same reading with its status: kOk only within the boot of the observation and within kClockToleranceMs of the
/// server's time carried on by the monotonic clock; kDoubtful when beyond it or before this program was built;
/// kUnknown without an observation in this boot. Times are never changed: the server repairs them, from its own
/// ClockObserved.
[[nodiscard]] ClockReading judge_clock(ClockReading reading, const std::optional<ClockObservation>& observation);

/// A Clock whose readings carry that judgement.
class JudgedClock final : public Clock {
 public:
  JudgedClock(const Clock& clock, std::optional<ClockObservation> observation) : clock_(clock), observation_(observation) {}
  [[nodiscard]] ClockReading now() const override { return judge_clock(clock_.now(), observation_); }

 private:
  const Clock& clock_;
  std::optional<ClockObservation> observation_;
};

}  // namespace lantaarn::firmware
