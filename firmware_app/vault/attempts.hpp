#pragma once
// How wrong PINs slow each other down. Pure: the vault keeps the numbers.

#include "common/base/clock.hpp"

namespace lantaarn::firmware {

inline constexpr int kFreeAttempts = 3;
inline constexpr std::int64_t kFirstWaitMs = 30'000;
inline constexpr std::int64_t kWaitMaxMs = 3'600'000;

/// Attempts since the last success; the last one's place on the monotonic clock.
struct Attempts {
  int wrong = 0;
  ByteArray<kIdBytes> boot_id{};
  std::int64_t monotonic_ms = 0;
};

/// How long attempt number wrong + 1 must wait after the last one: nothing for the first three, then 30 s, doubling.
[[nodiscard]] std::int64_t wait_after_ms(int wrong);
/// What is left of that wait. A boot since then counts from its beginning, so that a reboot never shortens it; the
/// wall clock plays no part.
[[nodiscard]] std::int64_t wait_left_ms(const Attempts& attempts, const ClockReading& now);
/// One more attempt, made now.
[[nodiscard]] Attempts counted(const Attempts& attempts, const ClockReading& now);

}  // namespace lantaarn::firmware
