#include "sync_server/review/web_link.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace lantaarn::server::review {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;
constexpr int kEndPatienceMs = 3000;

Error died() { return retry("web_died"); }
bool is_passing() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

bool wait_for_end(pid_t pid) {
  const int handle = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return false;
  pollfd ended{handle, POLLIN, 0};
  const int ready = ::poll(&ended, 1, kEndPatienceMs);
  ::close(handle);
  return ready > 0;
}

}  // namespace

Result<WebLink> WebLink::launch() {
  auto process = gateway::launch_process("web");
  if (!process.ok()) return in_context(died(), process.error().context);
  ::fcntl(process->descriptor, F_SETFL, ::fcntl(process->descriptor, F_GETFL) | O_NONBLOCK);
  return WebLink(*process);
}

WebLink::WebLink(WebLink&& other) noexcept
    : process_(std::exchange(other.process_, gateway::GatewayProcess{})), reader_(std::move(other.reader_)), leaving_(std::move(other.leaving_)) {}

WebLink::~WebLink() {
  if (process_.pid < 0) return;
  ::close(process_.descriptor);
  if (!wait_for_end(process_.pid)) ::kill(process_.pid, SIGKILL);
  while (::waitpid(process_.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Status WebLink::add(const web::Frame& frame) {
  LANTAARN_ASSIGN(const Bytes bytes, ipc::encode_frame(frame));
  append(leaving_, bytes);
  return {};
}

// The web process always reads, so waiting for it is short.
Status WebLink::flush() {
  ByteView left = leaving_;
  while (!left.empty()) {
    const ssize_t sent = ::send(process_.descriptor, left.data(), left.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      left = left.subspan(static_cast<std::size_t>(sent));
      continue;
    }
    if (!is_passing()) return died();
    pollfd ready{process_.descriptor, POLLOUT, 0};
    ::poll(&ready, 1, -1);
  }
  leaving_.clear();
  return {};
}

Status WebLink::receive() {
  std::uint8_t piece[kReadBytes];
  while (true) {
    const ssize_t got = ::recv(process_.descriptor, piece, sizeof piece, 0);
    if (got < 0 && is_passing()) return {};
    if (got <= 0) return died();
    reader_->push(ByteView(piece, static_cast<std::size_t>(got)));
    if (static_cast<std::size_t>(got) < sizeof piece) return {};
  }
}

}  // namespace lantaarn::server::review
