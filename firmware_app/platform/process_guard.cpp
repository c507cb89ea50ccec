#include "firmware_app/platform/process_guard.hpp"

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "common/confine/files.hpp"
#include "common/confine/process.hpp"
#include "common/confine/system_calls.hpp"
#include "firmware_app/platform/restart.hpp"

namespace lantaarn::firmware {
namespace {

Protection reached;

// libc, libcrypto and the resolver's parts, which are loaded when a name is first looked up.
constexpr const char* kSystemFiles[] = {
    "/etc", "/usr/lib", "/usr/share/zoneinfo", "/lib", "/lib64", "/run/systemd/resolve", "/run/resolvconf", "/run/NetworkManager",
    "/run/nscd", "/dev/urandom", "/dev/null", "/proc/self", "/proc/sys/kernel/random", "/proc/meminfo",
};
constexpr const char* kDevices[] = {"/dev/tty", "/dev/tpmrm0"};
// What a screen takes: fonts, keyboard layouts and Qt's own parts; a display of any kind, and what is touched.
constexpr const char* kScreenFiles[] = {"/usr/share", "/var/cache/fontconfig", "/sys/class", "/sys/devices", "/run/udev", "/proc/fb"};
constexpr const char* kScreenDevices[] = {"/dev/fb0", "/dev/dri", "/dev/input", "/dev/shm", "/dev/tty0", "/sys/class/backlight", "/sys/class/leds",
                                          "/sys/devices"};

void add_also(std::vector<std::string>& paths) {
  const char* also = std::getenv("LANTAARN_ALSO_FILES");
  std::istringstream texts(also != nullptr ? also : "");
  for (std::string path; std::getline(texts, path, ':');) paths.push_back(path);
}

confine::FileRules rules_for(const Reach& reach) {
  confine::FileRules rules;
  // An X display listens on an abstract socket, which only the whole scope shuts out.
  rules.is_alone = !(reach.shows && std::getenv("DISPLAY") != nullptr);
  rules.read = reach.read;
  rules.read.insert(rules.read.end(), std::begin(kSystemFiles), std::end(kSystemFiles));
  rules.read_write.assign(std::begin(kDevices), std::end(kDevices));
  rules.read_write.insert(rules.read_write.end(), reach.read_write.begin(), reach.read_write.end());
  if (reach.shows) {
    rules.read.insert(rules.read.end(), std::begin(kScreenFiles), std::end(kScreenFiles));
    rules.read_write.insert(rules.read_write.end(), std::begin(kScreenDevices), std::end(kScreenDevices));
    if (const char* runtime = std::getenv("XDG_RUNTIME_DIR")) rules.read_write.emplace_back(runtime);
  }
  add_also(rules.read_write);
  if (reach.restarts) rules.execute = own_program_files();
  return rules;
}

bool is_confined_already() {
  std::error_code closed;
  std::filesystem::directory_iterator(std::filesystem::path("/"), closed);
  return closed && confine::system_calls_are_confined();
}

}  // namespace

const Protection& protection() { return reached; }

Status guard_process() {
  LANTAARN_TRY(confine::close_to_others());
  reached.memory = confine::lock_memory();
  return {};
}

Status confine_process(const Reach& reach) {
  if (is_confined_already()) {
    reached.files = reached.system_calls = confine::Reached::kConfined;
    return {};
  }
  LANTAARN_ASSIGN(reached.files, confine::confine_files(rules_for(reach)));
  const unsigned calls = confine::kCallsForFiles | confine::kCallsToDial | confine::kCallsForKernelKeys |
                         (reach.restarts ? confine::kCallsToRestart : 0U) | (reach.shows ? confine::kCallsForScreen : 0U);
  LANTAARN_ASSIGN(reached.system_calls, confine::confine_system_calls(calls));
  return {};
}

}  // namespace lantaarn::firmware
