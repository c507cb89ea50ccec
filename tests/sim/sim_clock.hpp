#pragma once
// A clock without a battery: right, at 1970, or jumping; a new boot id after every power cut.

#include "common/base/clock.hpp"
#include "common/crypto/random.hpp"
#include "tests/sim/chance.hpp"

namespace lantaarn::sim {

/// Everyone's true time. Moves only when told.
struct WorldTime {
  std::int64_t now_ms = 1'795'000'000'000;
};

class SimClock {
 public:
  SimClock(const WorldTime& world, Chance& chance) : world_(world), chance_(chance) { boot(); }

  void boot() {
    booted_at_ms_ = world_.now_ms;
    crypto::fill_random(boot_id_);
    if (chance_.one_in(4)) off_by_ms_ = -world_.now_ms;  // 1970
    if (chance_.one_in(4)) off_by_ms_ = 0;
  }
  /// Half an hour, or up to ten years, either way.
  void jump() {
    const std::uint64_t most_ms = chance_.one_in(2) ? 2'000'000 : 10ULL * 365 * 86'400'000;
    off_by_ms_ += static_cast<std::int64_t>(chance_.below(2 * most_ms)) - static_cast<std::int64_t>(most_ms);
  }
  [[nodiscard]] ClockReading now() const {
    ClockReading reading;
    reading.wall_ms = world_.now_ms + off_by_ms_;
    reading.monotonic_ms = world_.now_ms - booted_at_ms_;
    reading.boot_id = boot_id_;
    reading.status = off_by_ms_ == 0 ? ClockStatus::kUnknown : ClockStatus::kDoubtful;
    return reading;
  }

 private:
  const WorldTime& world_;
  Chance& chance_;
  std::int64_t booted_at_ms_ = 0;
  std::int64_t off_by_ms_ = 0;
  ByteArray<kIdBytes> boot_id_{};
};

}  // namespace lantaarn::sim
