#pragma once
// A unix socket's address for a path of any length: paths beyond sun_path's 107 bytes go through /proc/self/fd of
// their folder, so that a long data folder works too.

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <string>

namespace lantaarn::server::admin {

class SocketAddress {
 public:
  explicit SocketAddress(const std::string& path) {
    std::string spelled = path;
    if (spelled.size() >= sizeof address_.sun_path) {
      const std::filesystem::path whole(path);
      folder_ = ::open(whole.parent_path().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
      spelled = "/proc/self/fd/" + std::to_string(folder_) + "/" + whole.filename().string();
    }
    address_.sun_family = AF_UNIX;
    fits_ = spelled.size() < sizeof address_.sun_path;
    if (fits_) std::memcpy(address_.sun_path, spelled.c_str(), spelled.size() + 1);
  }
  SocketAddress(const SocketAddress&) = delete;
  SocketAddress& operator=(const SocketAddress&) = delete;
  ~SocketAddress() {
    if (folder_ >= 0) ::close(folder_);
  }

  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address_); }
  [[nodiscard]] socklen_t size() const { return sizeof address_; }

 private:
  sockaddr_un address_{};
  int folder_ = -1;
  bool fits_ = false;
};

}  // namespace lantaarn::server::admin
