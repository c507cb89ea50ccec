#pragma once
// The seam for time. Decisions take a ClockReading as a parameter; only programs hold a Clock.

#include <cstdint>

#include "common/base/id.hpp"

namespace lantaarn {

/// How far the wall clock can be believed; persisted in events, never renumbered.
enum class ClockStatus : std::uint8_t {
  kUnknown = 0,   ///< never compared with the server since boot
  kOk = 1,        ///< compared in this boot, within kClockToleranceMs
  kDoubtful = 2,  ///< before this program was built, or jumped against the monotonic clock
};

/// One look at the clocks. Durations and instants in milliseconds; wall time since 1970-01-01T00:00Z.
struct ClockReading {
  std::int64_t wall_ms = 0;
  std::int64_t monotonic_ms = 0;           ///< since boot, suspend included
  ByteArray<kIdBytes> boot_id{};           ///< differs after every boot
  ClockStatus status = ClockStatus::kUnknown;
};

class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual ClockReading now() const = 0;
};

/// CLOCK_REALTIME, CLOCK_BOOTTIME and /proc/sys/kernel/random/boot_id. Status is kDoubtful before 2026,
/// else kUnknown: only a comparison with the server makes it kOk.
class SystemClock final : public Clock {
 public:
  SystemClock();
  [[nodiscard]] ClockReading now() const override;

 private:
  ByteArray<kIdBytes> boot_id_{};
};

}  // namespace lantaarn
