#include "firmware_app/vault/clock_reading.hpp"

namespace lantaarn::firmware {

ClockReading judge_clock(ClockReading reading, const std::optional<ClockObservation>& observation) {
  if (reading.status == ClockStatus::kDoubtful) return reading;
  reading.status = ClockStatus::kUnknown;
  if (!observation || observation->boot_id != reading.boot_id) return reading;
  const std::int64_t expected = observation->server_wall_ms + (reading.monotonic_ms - observation->monotonic_ms);
  const std::int64_t off = reading.wall_ms - expected;
  reading.status = off >= -kClockToleranceMs && off <= kClockToleranceMs ? ClockStatus::kOk : ClockStatus::kDoubtful;
  return reading;
}

}  // namespace lantaarn::firmware
