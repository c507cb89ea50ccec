#include "sync_server/gateway/launch.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace lantaarn::server::gateway {
namespace {

constexpr int kChildDescriptor = 3;

// Between fork and exec: only calls that are safe there.
[[noreturn]] void become(const char* program, const char* command, int descriptor, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(1);  // the parent died before the line above
  // Sent to the whole group (a terminal, a service manager), an end signal is for the registry process to decide on; it
  // still holds our socket. Ignored stays ignored through exec.
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (descriptor == kChildDescriptor) {
    ::fcntl(descriptor, F_SETFD, 0);
  } else if (::dup2(descriptor, kChildDescriptor) < 0) {
    ::_exit(1);
  }
  ::close_range(kChildDescriptor + 1, ~0U, 0);
  char name[] = "lantaarn-server";
  char option[] = "--fd";
  char number[] = {'0' + kChildDescriptor, '\0'};
  char* arguments[] = {name, const_cast<char*>(command), option, number, nullptr};  // execv changes none of them
  ::execv(program, arguments);
  ::_exit(1);
}

}  // namespace

Result<GatewayProcess> launch_gateway(const std::string& program) { return launch_process("gateway", program); }

Result<GatewayProcess> launch_process(const char* command, const std::string& program) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    return in_context(retry("gateway_not_started"), std::string("socketpair: ") + std::strerror(errno));
  }
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) become(program.c_str(), command, ends[1], parent);
  const int failed = errno;
  ::close(ends[1]);
  if (child < 0) {
    ::close(ends[0]);
    return in_context(retry("gateway_not_started"), std::string("fork: ") + std::strerror(failed));
  }
  return GatewayProcess{ends[0], child};
}

}  // namespace lantaarn::server::gateway
