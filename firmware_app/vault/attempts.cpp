#include "firmware_app/vault/attempts.hpp"

#include <algorithm>

namespace lantaarn::firmware {

std::int64_t wait_after_ms(int wrong) {
  if (wrong < kFreeAttempts) return 0;
  const int doublings = std::min(wrong - kFreeAttempts, 16);
  return std::min(kFirstWaitMs << doublings, kWaitMaxMs);
}

std::int64_t wait_left_ms(const Attempts& attempts, const ClockReading& now) {
  const bool same_boot = attempts.boot_id == now.boot_id;
  const std::int64_t waited = same_boot ? now.monotonic_ms - attempts.monotonic_ms : now.monotonic_ms;
  return std::max<std::int64_t>(0, wait_after_ms(attempts.wrong) - std::max<std::int64_t>(0, waited));
}

Attempts counted(const Attempts& attempts, const ClockReading& now) {
  return {std::min(attempts.wrong + 1, 1'000'000), now.boot_id, now.monotonic_ms};
}

}  // namespace lantaarn::firmware
