// What somebody who has taken over the gateway process could still do. In a child: it cannot be undone.
#include "sync_server/gateway/confinement.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <filesystem>
#include <functional>

#include "tests/support/skip.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::gateway;

namespace {

constexpr int kDone = 200;
constexpr int kNotConfined = 201;
constexpr int kFailed = 202;

// As the gateway does it before it looks at a caller; then `work`, whose small number comes back (minus a signal).
int as_gateway(const std::string& inbox, const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    const auto files = confine_gateway_files(inbox);
    const auto calls = confine_gateway_calls();
    if (!files.ok() || !calls.ok()) ::_exit(kFailed);
    const bool confined = *files == confine::Reached::kConfined && *calls == confine::Reached::kConfined;
    ::_exit(confined ? work() : kNotConfined);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child) return -1000;
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int try_open(const std::string& path, int flags) { return ::open(path.c_str(), flags | O_CLOEXEC, 0600) >= 0 ? kDone : errno; }

}  // namespace

TEST_CASE("the gateway opens its inbox and nothing of the registry, calls nobody and starts nothing", "[gateway]") {
  const support::TempFolder folder;
  for (const char* name : {"gateway", "registry"}) std::filesystem::create_directory(folder.path() / name);
  const std::string inbox = folder.file("gateway/inbox.db"), registry = folder.file("registry/registry.db");
  support::write_file(registry, "x");
  support::write_file(folder.file("registry/data.key"), "x");
  support::write_file(folder.file("lock"), "x");
  REQUIRE(as_gateway(inbox, [] { return 0; }) != kFailed);
  if (as_gateway(inbox, [] { return 0; }) == kNotConfined) LANTAARN_SKIP("no Landlock or seccomp here, or a build under sanitizers");

  CHECK(as_gateway(inbox, [&] { return try_open(inbox, O_RDWR | O_CREAT); }) == kDone);
  CHECK(as_gateway(inbox, [&] { return try_open(inbox + "-wal", O_RDWR | O_CREAT); }) == kDone);
  for (const std::string& path : {registry, folder.file("registry/data.key"), folder.file("lock"), std::string("/etc/passwd"), std::string("/proc/self/maps")}) {
    INFO(path);
    CHECK(as_gateway(inbox, [&] { return try_open(path, O_RDONLY); }) == EACCES);
  }
  CHECK(as_gateway(inbox, [&] { return try_open(folder.file("registry"), O_RDONLY | O_DIRECTORY); }) == EACCES);
  for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK}) {
    CHECK(as_gateway(inbox, [&] { return ::socket(family, SOCK_DGRAM, 0) >= 0 ? kDone : errno; }) == ENOSYS);
  }
  CHECK(as_gateway(inbox, [] { return ::execl("/bin/true", "true", nullptr); }) == -SIGSYS);
  CHECK(as_gateway(inbox, [] { return ::kill(::getppid(), 0) == 0 ? kDone : errno; }) == ENOSYS);
}

TEST_CASE("where to listen is a number before names can no longer be looked up", "[gateway]") {
  CHECK(numeric_host("127.0.0.1") == "127.0.0.1");
  CHECK(numeric_host("::1") == "::1");
  CHECK(numeric_host("localhost").find_first_not_of("0123456789.:") == std::string::npos);
  CHECK(numeric_host("no-such-host.invalid") == "no-such-host.invalid");
}
