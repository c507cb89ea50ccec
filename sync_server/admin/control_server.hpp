#pragma once
// The server's end of control.sock, as a part of serve's poll loop: never blocks, keeps a few callers at a time.

#include <poll.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync_server/admin/control.hpp"

namespace lantaarn::server::admin {

inline constexpr std::size_t kControlCallersMax = 16;

/// Who waits for an answer; never used twice.
using CallerId = std::uint64_t;

class ControlServer {
 public:
  /// Makes the socket, mode 0600; an old one in its place is removed (the caller holds the folder's lock, so nobody
  /// listens there). Errors: kStorage "disk_error".
  [[nodiscard]] static Result<ControlServer> listen(const std::string& path);
  ControlServer(ControlServer&& other) noexcept;
  ControlServer& operator=(ControlServer&&) = delete;
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;
  /// Closes all callers and removes the socket.
  ~ControlServer();

  /// What to poll for now.
  void add_to(std::vector<pollfd>& polled) const;

  using OnRequest = std::function<void(CallerId, Result<Arguments>)>;
  /// Does what can be done without waiting; every whole request is handed over once, and gets one answer().
  void attend(const std::vector<pollfd>& polled, const OnRequest& on_request);
  /// Sent as the caller takes it, then she is let go. Nothing happens when she is gone already.
  void answer(CallerId caller, const Answer& answer);
  /// Callers who are not on this socket (page_host.hpp): whoever is answered and is not found here goes there.
  void answer_others(std::function<void(CallerId, const Answer&)> others) { others_ = std::move(others); }

  /// Waits at most `timeout_ms` for what callers were answered to be taken.
  void drain(int timeout_ms);

 private:
  struct Caller {
    CallerId id = 0;
    Bytes received;
    Bytes to_send;
    std::size_t sent = 0;
    bool asked = false;
    bool answered = false;
  };

  ControlServer(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  void admit();
  [[nodiscard]] bool receive(int descriptor, Caller& caller);
  [[nodiscard]] static bool send_more(int descriptor, Caller& caller);
  [[nodiscard]] bool attend_to(int descriptor, Caller& caller, short events, const OnRequest& on_request);

  std::string path_;
  int descriptor_;
  CallerId last_id_ = 0;
  std::function<void(CallerId, const Answer&)> others_;
  std::map<int, Caller> callers_;
};

}  // namespace lantaarn::server::admin
