#include "sync_server/admin/hygiene.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "common/confine/files.hpp"
#include "common/confine/process.hpp"
#include "common/confine/system_calls.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr const char* kClosed[] = {"boot", "dev", "proc", "sys"};
constexpr const char* kReadOnly[] = {"bin", "etc", "lib", "lib32", "lib64", "libx32", "sbin", "usr"};
constexpr const char* kOfKernel[] = {"/dev/null", "/dev/urandom", "/proc/self", "/proc/sys/kernel/random", "/proc/meminfo"};

template <std::size_t N>
bool is_one_of(const char* const (&names)[N], const std::string& name) {
  return std::any_of(std::begin(names), std::end(names), [&](const char* one) { return name == one; });
}

// Everything at the top that is not the system's own.
confine::FileRules rules_for(const std::vector<std::string>& writable) {
  confine::FileRules rules;
  rules.may_call = false;
  rules.read.assign(std::begin(kOfKernel), std::end(kOfKernel));
  std::error_code unreadable;
  for (const auto& top : std::filesystem::directory_iterator("/", unreadable)) {
    const std::string name = top.path().filename().string();
    if (is_one_of(kClosed, name)) continue;
    (is_one_of(kReadOnly, name) ? rules.read : rules.read_write).push_back(top.path().string());
  }
  for (const std::string& path : writable) rules.read_write.push_back(confine::existing_part(path));
  const char* also = std::getenv("LANTAARN_ALSO_FILES");
  std::istringstream texts(also != nullptr ? also : "");
  for (std::string path; std::getline(texts, path, ':');) rules.read_write.push_back(path);
  return rules;
}

}  // namespace

Status tidy_process() {
  std::signal(SIGPIPE, SIG_IGN);
  return confine::close_to_others();
}

Result<RegistryConfinement> confine_registry(const std::vector<std::string>& writable) {
  RegistryConfinement reached;
  LANTAARN_ASSIGN(reached.files, confine::confine_files(rules_for(writable)));
  LANTAARN_ASSIGN(reached.system_calls, confine::confine_system_calls(confine::kCallsForFiles | confine::kCallsToAnswer |
                                                                      confine::kCallsToAskLocally | confine::kCallsForChildren));
  return reached;
}

}  // namespace lantaarn::server::admin
