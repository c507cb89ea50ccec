#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "sync_server/admin/control.hpp"
#include "sync_server/admin/socket_address.hpp"

namespace lantaarn::server::admin {
namespace {

class Connection {
 public:
  explicit Connection(const std::string& path) {
    SocketAddress address(path);
    if (!address.fits()) return;
    descriptor_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ >= 0 && ::connect(descriptor_, address.get(), address.size()) != 0) {
      ::close(descriptor_);
      descriptor_ = -1;
    }
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  [[nodiscard]] bool send_all(ByteView bytes) const {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno == EINTR) continue;
      if (sent < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
  }

  [[nodiscard]] bool receive_exactly(std::uint8_t* out, std::size_t size) const {
    while (size > 0) {
      const ssize_t got = ::recv(descriptor_, out, size, 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      out += got;
      size -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  int descriptor_ = -1;
};

}  // namespace

bool is_server_running(const std::string& socket_path) { return Connection(socket_path).is_open(); }

std::optional<Answer> ask_running_server(const std::string& socket_path, const Arguments& arguments) {
  const Connection server(socket_path);
  if (!server.is_open()) return std::nullopt;
  if (!server.send_all(frame_message(encode_request(arguments)))) return retry("connection_lost");
  std::uint8_t length[kControlLengthBytes];
  if (!server.receive_exactly(length, sizeof length)) return retry("connection_lost");
  const std::size_t size = load_le<std::uint32_t>(length);
  if (size > kControlAnswerBytesMax) return reject_peer("protocol_error");
  std::string answer(size, '\0');
  if (!server.receive_exactly(reinterpret_cast<std::uint8_t*>(answer.data()), size)) return retry("connection_lost");
  return decode_answer(answer);
}

}  // namespace lantaarn::server::admin
