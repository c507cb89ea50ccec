#include "firmware_app/vault/lease.hpp"

#include <algorithm>

namespace lantaarn::firmware {
namespace {

template <typename Number>
Number or_default(Number given, Number standard) {
  return given == 0 ? standard : given;
}

}  // namespace

LeaseUse counted(LeaseUse use, const ClockReading& now) {
  const bool first = use.boot_id == ByteArray<kIdBytes>{};
  if (use.boot_id == now.boot_id) {
    use.running_ms += std::max<std::int64_t>(0, now.monotonic_ms - use.monotonic_ms);
  } else if (!first) {
    ++use.boots;
    use.running_ms += std::max<std::int64_t>(0, now.monotonic_ms);
  }
  use.boot_id = now.boot_id;
  use.monotonic_ms = now.monotonic_ms;
  return use;
}

LeaseUse counted_unlock(LeaseUse use, const ClockReading& now) {
  use = counted(use, now);
  if (now.status != ClockStatus::kOk) ++use.doubtful_unlocks;
  return use;
}

bool has_ended(const Lease& lease, const LeaseUse& use, const ClockReading& now) {
  if (now.status == ClockStatus::kOk && now.wall_ms >= lease.valid_until_ms) return true;
  if (use.boots > or_default(lease.boots, kLeaseBootsDefault)) return true;
  if (use.running_ms >= or_default(lease.running_ms, kLeaseRunningMsDefault)) return true;
  return use.doubtful_unlocks > or_default(lease.doubtful_unlocks, kDoubtfulUnlocksDefault);
}

}  // namespace lantaarn::firmware
