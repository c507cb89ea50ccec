#pragma once
// Plain TCP over the loopback, for peers that do not keep to any protocol.

#include <atomic>
#include <functional>
#include <string>
#include <thread>

namespace lantaarn::e2e {

/// One connection. Closed when the object goes.
class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(Socket&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  Socket& operator=(Socket&&) = delete;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket();

  /// From 127.0.0.`from`. Throws std::runtime_error when nobody listens at "HOST:PORT".
  [[nodiscard]] static Socket connect_to(const std::string& address, int from = 1);
  /// False when the peer is gone.
  bool send(const std::string& bytes) const;
  /// Says it, then everything that comes until the peer closes.
  [[nodiscard]] std::string ask(const std::string& bytes) const;
  /// Reads and drops what comes; whether the peer has closed within `timeout_ms`.
  [[nodiscard]] bool closed_within(int timeout_ms) const;

 private:
  int descriptor_;
};

/// A listener that treats each caller, one after another, as told, and closes when that returns.
class BadServer {
 public:
  using Manner = std::function<void(const Socket&)>;
  explicit BadServer(Manner manner);
  ~BadServer();
  BadServer(const BadServer&) = delete;
  BadServer& operator=(const BadServer&) = delete;
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  int listener_;
  std::string address_;
  std::thread thread_;
};

}  // namespace lantaarn::e2e
