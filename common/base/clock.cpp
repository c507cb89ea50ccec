#include "common/base/clock.hpp"

#include <ctime>
#include <fstream>

namespace lantaarn {
namespace {

constexpr std::int64_t kProgramBuiltAfterMs = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

std::int64_t read_ms(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1000 + now.tv_nsec / 1'000'000;
}

}  // namespace

SystemClock::SystemClock() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string text;
  file >> text;
  std::erase(text, '-');
  if (auto id = from_hex(text)) {
    if (auto raw = to_array<kIdBytes>(*id)) boot_id_ = *raw;
  }
}

ClockReading SystemClock::now() const {
  ClockReading reading;
  reading.wall_ms = read_ms(CLOCK_REALTIME);
  reading.monotonic_ms = read_ms(CLOCK_BOOTTIME);
  reading.boot_id = boot_id_;
  reading.status = reading.wall_ms < kProgramBuiltAfterMs ? ClockStatus::kDoubtful : ClockStatus::kUnknown;
  return reading;
}

}  // namespace lantaarn
