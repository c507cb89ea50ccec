// Each confinement is tried in a child process of its own: it cannot be undone.
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <functional>
#include <thread>

#include "common/confine/files.hpp"
#include "common/confine/memory.hpp"
#include "common/confine/process.hpp"
#include "common/confine/system_calls.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::confine;

namespace {

// What `work` returned (a small number), or minus the signal that ended it.
int in_a_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1000;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

constexpr int kOpened = 200;
constexpr int kNotConfined = 201;
constexpr int kFailed = 202;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

// The error of opening, or kOpened.
int try_open(const std::string& path, int flags) { return ::open(path.c_str(), flags | O_CLOEXEC, 0600) >= 0 ? kOpened : errno; }

int after_files(const FileRules& rules, const std::function<int()>& work) {
  return in_a_child([&] {
    if (!close_to_others().ok()) return kFailed;
    const auto reached = confine_files(rules);
    if (!reached.ok()) return kFailed;
    return *reached == Reached::kConfined ? work() : kNotConfined;
  });
}
int after_calls(unsigned sets, const std::function<int()>& work) {
  return in_a_child([&] {
    if (!close_to_others().ok()) return kFailed;
    const auto reached = confine_system_calls(sets);
    if (!reached.ok()) return kFailed;
    return *reached == Reached::kConfined ? work() : kNotConfined;
  });
}

bool kernel_confines() {
  const int files = after_files({}, [] { return 0; }), calls = after_calls(0, [] { return 0; });
  REQUIRE(files != kFailed);
  REQUIRE(calls != kFailed);
  return files != kNotConfined && calls != kNotConfined;
}

#define NEEDS_CONFINEMENT \
  if (!kernel_confines()) LANTAARN_SKIP("no Landlock or seccomp here, or a build under sanitizers")

}  // namespace

TEST_CASE("what is in no list cannot be opened, listed, made or removed", "[confine]") {
  NEEDS_CONFINEMENT;
  const support::TempFolder folder;
  const std::filesystem::path inside = folder.path() / "inside", read = folder.path() / "read", outside = folder.path() / "outside";
  for (const auto& path : {inside, read, outside}) {
    std::filesystem::create_directory(path);
    support::write_file(path / "file", "x");
  }
  const FileRules rules{.read = {read}, .read_write = {inside}, .execute = {}};
  const auto tried = [&](const std::filesystem::path& path, int flags) { return after_files(rules, [&] { return try_open(path, flags); }); };

  CHECK(tried(inside / "file", O_RDWR) == kOpened);
  CHECK(tried(inside / "new", O_RDWR | O_CREAT) == kOpened);
  CHECK(tried(read / "file", O_RDONLY) == kOpened);
  CHECK(tried(read / "file", O_RDWR) == EACCES);
  CHECK(tried(read / "new", O_RDWR | O_CREAT) == EACCES);
  CHECK(tried(outside / "file", O_RDONLY) == EACCES);
  CHECK(tried(outside, O_RDONLY | O_DIRECTORY) == EACCES);
  CHECK(after_files(rules, [&] { return ::unlink((outside / "file").c_str()) == 0 ? kOpened : errno; }) == EACCES);
  CHECK(after_files(rules, [&] { return ::rename((inside / "file").c_str(), (outside / "moved").c_str()) == 0 ? kOpened : errno; }) != kOpened);
}

TEST_CASE("nothing is executed but what is named", "[confine]") {
  NEEDS_CONFINEMENT;
  const auto run = [] {
    ::execl("/bin/true", "true", nullptr);
    return errno;
  };
  CHECK(after_files({.read = {"/"}, .read_write = {}, .execute = {}}, run) == EACCES);
  CHECK(after_files({.read = {"/"}, .read_write = {}, .execute = {"/bin", "/usr/bin", "/lib", "/lib64", "/usr/lib"}}, run) == 0);
}

TEST_CASE("a program is never started, nobody traced, nothing mounted: the process ends", "[confine]") {
  NEEDS_CONFINEMENT;
  const unsigned all = kCallsForFiles | kCallsToDial | kCallsToAnswer | kCallsForKernelKeys | kCallsForChildren;
  CHECK(after_calls(all, [] { return ::execl("/bin/true", "true", nullptr); }) == -SIGSYS);
  CHECK(after_calls(all, [] { return static_cast<int>(::syscall(SYS_ptrace, 0, 0, 0, 0)); }) == -SIGSYS);
  CHECK(after_calls(all, [] { return static_cast<int>(::syscall(SYS_unshare, 0)); }) == -SIGSYS);
  CHECK(after_calls(all | kCallsToRestart, [] { return ::execl("/bin/true", "true", nullptr); }) == 0);
}

TEST_CASE("what is on no list does not exist", "[confine]") {
  NEEDS_CONFINEMENT;
  const auto dials = [] { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0 ? kOpened : errno; };
  CHECK(after_calls(kCallsForFiles | kCallsToAnswer, dials) == ENOSYS);
  CHECK(after_calls(kCallsToDial, dials) == kOpened);
  CHECK(after_calls(kCallsToDial, [] { return ::socket(AF_PACKET, SOCK_RAW, 0) >= 0 ? kOpened : errno; }) == ENOSYS);
  CHECK(after_calls(kCallsToDial, [] { return try_open("/dev/null", O_RDONLY); }) == ENOSYS);
  CHECK(after_calls(kCallsForFiles, [] { return try_open("/dev/null", O_RDONLY); }) == kOpened);
  CHECK(after_calls(0, [] { return system_calls_are_confined() ? 1 : 0; }) == 1);
  CHECK_FALSE(system_calls_are_confined());
}

TEST_CASE("nothing is typed into somebody's terminal", "[confine]") {
  NEEDS_CONFINEMENT;
  const auto asks = [](unsigned long request) {
    return [request] {
      char buffer[64] = {};
      return ::ioctl(STDIN_FILENO, request, buffer) == 0 ? kOpened : errno;
    };
  };
  CHECK(after_calls(0, asks(TIOCSTI)) == ENOSYS);
  CHECK(after_calls(0, asks(TIOCSTI | (1UL << 40))) == ENOSYS);  // the kernel looks at 32 bits, the filter at 64
  CHECK(after_calls(0, asks(TCGETS)) != ENOSYS);
}

TEST_CASE("no memory is both written and executed, and threads can still be made", "[confine]") {
  NEEDS_CONFINEMENT;
  const auto maps = [](int protection) {
    return [protection] { return ::mmap(nullptr, 4096, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED ? kOpened : errno; };
  };
  CHECK(after_calls(0, maps(PROT_READ | PROT_WRITE)) == kOpened);
  CHECK(after_calls(0, maps(PROT_READ | PROT_EXEC)) == kOpened);
  CHECK(after_calls(0, maps(PROT_READ | PROT_WRITE | PROT_EXEC)) == ENOSYS);
  CHECK(after_calls(0, [] {
    void* page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return ::mprotect(page, 4096, PROT_READ | PROT_EXEC) == 0 ? kOpened : errno;
  }) == ENOSYS);
  CHECK(after_calls(0, [] {
    int seen = 0;
    std::thread([&] { seen = 7; }).join();
    return seen;
  }) == 7);
}

TEST_CASE("locked memory is locked as it is touched, where the limit does not stand in the way", "[confine]") {
  if (kSanitized) LANTAARN_SKIP("sanitizers make mlockall do nothing");
  const int is_locked = in_a_child([] {
    if (lock_memory() != Locked::kAll) return kNotConfined;
    const std::string status = support::read_file("/proc/self/status");
    return std::stol(status.substr(status.find("VmLck:") + 6)) > 1024 ? 1 : 0;
  });
  if (is_locked == kNotConfined) LANTAARN_SKIP("RLIMIT_MEMLOCK is finite, and there is no CAP_IPC_LOCK");
  CHECK(is_locked == 1);
}
