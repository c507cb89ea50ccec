#include "firmware_app/platform/board.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace lantaarn::firmware {
namespace {

constexpr const char* kLights = "/sys/class/backlight";
constexpr const char* kMotors = "/sys/class/leds";
constexpr int kVibrationMs = 40;

// The first light of the board; empty: none.
std::string light() {
  std::error_code none;
  for (const auto& each : std::filesystem::directory_iterator(kLights, none)) return each.path();
  return {};
}

}  // namespace

bool can_dim_screen() { return !light().empty(); }

void dim_screen(int percent) {
  const std::string folder = light();
  long most = 0;
  if (folder.empty() || !(std::ifstream(folder + "/max_brightness") >> most)) return;
  std::ofstream(folder + "/brightness") << std::max(1L, most * percent / 100);
}

void vibrate() {
  const std::string motor = std::string(kMotors) + "/vibrator";
  std::error_code none;
  if (!std::filesystem::exists(motor, none)) return;
  std::ofstream(motor + "/duration") << kVibrationMs;
  std::ofstream(motor + "/activate") << 1;
}

}  // namespace lantaarn::firmware
