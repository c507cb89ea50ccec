#include "common/confine/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

namespace lantaarn::confine {
namespace {

// linux/landlock.h of Debian 12 ends at version 2; these are the kernel's own numbers.
constexpr std::uint64_t kExecute = 1ULL << 0, kWriteFile = 1ULL << 1, kReadFile = 1ULL << 2, kReadFolder = 1ULL << 3,
                        kRemoveFolder = 1ULL << 4, kRemoveFile = 1ULL << 5, kMakeFolder = 1ULL << 7, kMakeFile = 1ULL << 8,
                        kMakeSocket = 1ULL << 9, kRefer = 1ULL << 13, kTruncate = 1ULL << 14, kDeviceIoctl = 1ULL << 15;
constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kDeviceIoctl;
constexpr std::uint64_t kConnectTcp = 1ULL << 1;
constexpr std::uint64_t kAbstractSockets = 1ULL << 0, kSignals = 1ULL << 1;
constexpr int kRulePathBeneath = 1;
constexpr unsigned kAskVersion = 1;

struct RulesetAttributes {
  std::uint64_t files = 0, network = 0, scoped = 0;
};
static_assert(sizeof(RulesetAttributes) == 24);
struct __attribute__((packed)) PathAttributes {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};
static_assert(sizeof(PathAttributes) == 12);

// What each version knows (landlock(7), "HISTORY" and the kernel's documentation).
std::uint64_t file_rights(long version) {
  std::uint64_t rights = (1ULL << 13) - 1;
  if (version >= 2) rights |= kRefer;
  if (version >= 3) rights |= kTruncate;
  if (version >= 5) rights |= kDeviceIoctl;
  return rights;
}

class Ruleset {
 public:
  Ruleset(const FileRules& rules, long version) : handled_(file_rights(version)) {
    RulesetAttributes attributes{handled_, 0, 0};
    if (version >= 4 && !rules.may_call) attributes.network = kConnectTcp;
    if (version >= 6 && rules.is_alone) attributes.scoped = kAbstractSockets | kSignals;
    const std::size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    descriptor_ = static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0));
  }
  ~Ruleset() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Ruleset(const Ruleset&) = delete;
  Ruleset& operator=(const Ruleset&) = delete;

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  [[nodiscard]] bool allow(const std::vector<std::string>& paths, std::uint64_t rights) const {
    for (const std::string& path : paths) {
      if (!allow(path, rights)) return false;
    }
    return true;
  }
  [[nodiscard]] bool apply() const { return ::syscall(SYS_landlock_restrict_self, descriptor_, 0) == 0; }

 private:
  [[nodiscard]] bool allow(const std::string& path, std::uint64_t rights) const {
    const int at = ::open(path.c_str(), O_PATH | O_CLOEXEC);
    if (at < 0) return true;  // not there: nothing to allow
    struct stat what {};
    if (::fstat(at, &what) != 0 || !S_ISDIR(what.st_mode)) rights &= kOfFiles;
    const PathAttributes attributes{rights & handled_, at};
    const bool added = ::syscall(SYS_landlock_add_rule, descriptor_, kRulePathBeneath, &attributes, 0) == 0;
    ::close(at);
    return added;
  }

  std::uint64_t handled_;
  int descriptor_ = -1;
};

Error failed(const char* what) { return bug(std::string("landlock ") + what + ": " + std::strerror(errno)); }

}  // namespace

std::string existing_part(const std::string& path) {
  std::error_code ignored;
  std::filesystem::path part = std::filesystem::absolute(path, ignored);
  while (part.has_relative_path() && !std::filesystem::exists(part, ignored)) part = part.parent_path();
  return part.string();
}

Result<Reached> confine_files(const FileRules& rules) {
  if (is_instrumented()) return Reached::kNotInstrumented;
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) return Reached::kNotByKernel;
  const Ruleset ruleset(rules, version);
  if (!ruleset.is_open()) return failed("ruleset");
  const std::uint64_t read = kReadFile | kReadFolder;
  const std::uint64_t write = read | kWriteFile | kTruncate | kRemoveFile | kRemoveFolder | kMakeFile | kMakeFolder | kMakeSocket |
                              kRefer | kDeviceIoctl;
  if (!ruleset.allow(rules.read, read) || !ruleset.allow(rules.read_write, write) ||
      !ruleset.allow(rules.execute, kReadFile | kExecute)) {
    return failed("rule");
  }
  if (!ruleset.apply()) return failed("restrict");
  return Reached::kConfined;
}

}  // namespace lantaarn::confine
