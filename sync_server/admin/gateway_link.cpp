#include "sync_server/admin/gateway_link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace lantaarn::server::admin {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kEndPatienceMs = 5000;

// True once the process has ended.
bool wait_for_end(pid_t pid, int timeout_ms) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return false;
  pollfd ended{handle, POLLIN, 0};
  const int ready = ::poll(&ended, 1, timeout_ms);
  ::close(handle);
  return ready > 0;
}

}  // namespace

Result<GatewayLink> GatewayLink::launch() {
  LANTAARN_ASSIGN(const gateway::GatewayProcess process, gateway::launch_gateway());
  ::fcntl(process.descriptor, F_SETFL, ::fcntl(process.descriptor, F_GETFL) | O_NONBLOCK);
  return GatewayLink(process);
}

GatewayLink::GatewayLink(GatewayLink&& other) noexcept
    : process_(std::exchange(other.process_, gateway::GatewayProcess{})), reader_(std::move(other.reader_)) {}

GatewayLink::~GatewayLink() {
  if (process_.pid < 0) return;
  ::close(process_.descriptor);
  if (!wait_for_end(process_.pid, kEndPatienceMs)) ::kill(process_.pid, SIGKILL);
  while (::waitpid(process_.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status GatewayLink::send(const ipc::Frame& frame) const {
  Status sent = ipc::write_frame(process_.descriptor, frame);
  if (!sent.ok() && sent.error().code == "ipc_closed") return retry("gateway_died");
  return sent;
}

Status GatewayLink::receive() {
  std::uint8_t piece[kReadBytes];
  const ssize_t got = ::recv(process_.descriptor, piece, sizeof piece, 0);
  if (got > 0) {
    reader_->push(ByteView(piece, static_cast<std::size_t>(got)));
    return {};
  }
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {};
  return retry("gateway_died");
}

}  // namespace lantaarn::server::admin
