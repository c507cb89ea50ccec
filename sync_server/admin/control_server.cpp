#include "sync_server/admin/control_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>

#include "sync_server/admin/socket_address.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

Error socket_error() { return in_context(storage_error("disk_error", {"control.sock"}), std::strerror(errno)); }

// The file's mode says the same; this holds where a file system does not honour modes of sockets.
bool is_same_user(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

}  // namespace

Result<ControlServer> ControlServer::listen(const std::string& path) {
  const SocketAddress address(path);
  if (!address.fits()) {
    errno = ENAMETOOLONG;
    return socket_error();
  }
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor < 0) return socket_error();
  ::unlink(path.c_str());
  if (::bind(descriptor, address.get(), address.size()) != 0 || ::chmod(path.c_str(), 0600) != 0 ||
      ::listen(descriptor, static_cast<int>(kControlCallersMax)) != 0) {
    Error error = socket_error();
    ::close(descriptor);
    return error;
  }
  return ControlServer(path, descriptor);
}

ControlServer::ControlServer(ControlServer&& other) noexcept
    : path_(std::move(other.path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      last_id_(other.last_id_),
      others_(std::move(other.others_)),
      callers_(std::exchange(other.callers_, {})) {}

ControlServer::~ControlServer() {
  if (descriptor_ < 0) return;
  for (const auto& [descriptor, caller] : callers_) ::close(descriptor);
  ::close(descriptor_);
  ::unlink(path_.c_str());
}

void ControlServer::add_to(std::vector<pollfd>& polled) const {
  if (callers_.size() < kControlCallersMax) polled.push_back({descriptor_, POLLIN, 0});
  for (const auto& [descriptor, caller] : callers_) {
    short events = 0;
    if (!caller.asked) events = POLLIN;
    if (caller.answered) events = POLLOUT;
    polled.push_back({descriptor, events, 0});
  }
}

void ControlServer::attend(const std::vector<pollfd>& polled, const OnRequest& on_request) {
  for (const auto& one : polled) {
    if (one.revents == 0) continue;
    if (one.fd == descriptor_) {
      admit();
      continue;
    }
    const auto found = callers_.find(one.fd);
    if (found == callers_.end() || attend_to(one.fd, found->second, one.revents, on_request)) continue;
    ::close(one.fd);
    callers_.erase(one.fd);
  }
}

void ControlServer::answer(CallerId id, const Answer& answer) {
  for (auto& [descriptor, caller] : callers_) {
    if (caller.id != id) continue;
    caller.to_send = frame_message(encode_answer(answer));
    caller.answered = true;
    return;
  }
  if (others_) others_(id, answer);
}

void ControlServer::drain(int timeout_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
  std::erase_if(callers_, [](const auto& entry) {
    if (!entry.second.answered) ::close(entry.first);
    return !entry.second.answered;
  });
  while (!callers_.empty() && std::chrono::steady_clock::now() < deadline) {
    std::vector<pollfd> polled;
    for (const auto& [descriptor, caller] : callers_) polled.push_back({descriptor, POLLOUT, 0});
    ::poll(polled.data(), polled.size(), 10);
    attend(polled, [](CallerId, const Result<Arguments>&) {});
  }
}

void ControlServer::admit() {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (descriptor < 0) return;
  if (!is_same_user(descriptor)) {
    ::close(descriptor);
    return;
  }
  Caller caller;
  caller.id = ++last_id_;
  callers_.emplace(descriptor, std::move(caller));
}

// False: the caller is to be let go.
bool ControlServer::attend_to(int descriptor, Caller& caller, short events, const OnRequest& on_request) {
  if (caller.answered) return send_more(descriptor, caller);
  if (caller.asked) return (events & (POLLHUP | POLLERR)) == 0;
  if (!receive(descriptor, caller)) return false;
  if (caller.received.size() < kControlLengthBytes) return true;
  const std::size_t size = load_le<std::uint32_t>(caller.received.data());
  if (size > kControlRequestBytesMax) return false;
  if (caller.received.size() < kControlLengthBytes + size) return true;
  caller.asked = true;
  on_request(caller.id, decode_request(as_text(ByteView(caller.received).subspan(kControlLengthBytes, size))));
  return true;
}

bool ControlServer::receive(int descriptor, Caller& caller) {
  std::uint8_t piece[kReadBytes];
  const ssize_t got = ::recv(descriptor, piece, sizeof piece, 0);
  if (got <= 0) return got < 0 && would_block();
  append(caller.received, ByteView(piece, static_cast<std::size_t>(got)));
  return true;
}

bool ControlServer::send_more(int descriptor, Caller& caller) {
  const ByteView rest = ByteView(caller.to_send).subspan(caller.sent);
  const ssize_t sent = ::send(descriptor, rest.data(), rest.size(), MSG_NOSIGNAL);
  if (sent < 0) return would_block();
  caller.sent += static_cast<std::size_t>(sent);
  return caller.sent < caller.to_send.size();
}

}  // namespace lantaarn::server::admin
