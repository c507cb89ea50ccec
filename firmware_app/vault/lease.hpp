#pragma once
// How long a handheld may be used without a word from the server: from what was granted, what was used up and a look at
// the clocks to whether it is over. Pure; the vault keeps the numbers. Rule: VAULT.md, "Lease".

#include "common/base/clock.hpp"

namespace lantaarn::firmware {

inline constexpr std::uint32_t kLeaseBootsDefault = 40;
inline constexpr std::int64_t kLeaseRunningMsDefault = 7LL * 24 * 3600 * 1000;
inline constexpr std::uint32_t kDoubtfulUnlocksDefault = 10;
inline constexpr std::uint32_t kWrongPinsMaxDefault = 10;

/// What the server granted one user on this handheld (sync.proto, Lease). 0 means the default, except in valid_until_ms.
struct Lease {
  std::int64_t valid_until_ms = 0;      ///< wall time
  std::uint32_t boots = 0;              ///< so many boots after the one in which it came
  std::int64_t running_ms = 0;          ///< of CLOCK_BOOTTIME, summed over boots: suspended time counts
  bool strict = false;                  ///< a seal key per unlock, nothing readable is ever written
  bool duress_pin = false;              ///< she may set a second PIN
  std::uint32_t wrong_pins_max = 0;     ///< after so many her slots are destroyed
  std::uint32_t doubtful_unlocks = 0;   ///< so many unlocks while the clock is not known to be right
};

/// The default where it says 0.
[[nodiscard]] inline std::uint32_t wrong_pins_max(const Lease& lease) {
  return lease.wrong_pins_max == 0 ? kWrongPinsMaxDefault : lease.wrong_pins_max;
}

/// What of it was used up, and where the clocks stood at the last look.
struct LeaseUse {
  std::uint32_t boots = 0;
  std::int64_t running_ms = 0;
  std::uint32_t doubtful_unlocks = 0;
  ByteArray<kIdBytes> boot_id{};        ///< zero: nobody has looked since the lease came
  std::int64_t monotonic_ms = 0;
};

/// One more look: the time that ran since the last one, and a boot where it is another one. What ran after the last look
/// of an earlier boot is not known and not counted. The first look counts nothing.
[[nodiscard]] LeaseUse counted(LeaseUse use, const ClockReading& now);
/// A look at an unlock: one of the permitted few unless the clock is kOk.
[[nodiscard]] LeaseUse counted_unlock(LeaseUse use, const ClockReading& now);

/// Over: at valid_until_ms by a clock that is kOk; when more boots were counted than granted; when running_ms have run; when
/// more unlocks happened with a clock that is not kOk than permitted. Whichever comes first.
[[nodiscard]] bool has_ended(const Lease& lease, const LeaseUse& use, const ClockReading& now);

}  // namespace lantaarn::firmware
