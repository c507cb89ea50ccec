#pragma once
// `GET /metrics` on the loopback, as a part of serve's poll loop: never blocks, a few callers at a time, one request
// each. Bound: kMetricsCallersMax callers of at most kMetricsHeaderBytesMax read and one answer; one more, and the one
// that has been there longest is closed.

#include <poll.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "common/channel/address.hpp"

namespace lantaarn::server::admin {

inline constexpr std::size_t kMetricsCallersMax = 8;
inline constexpr std::size_t kMetricsHeaderBytesMax = 4096;

class MetricsServer {
 public:
  /// Listens. Errors: kRefused "metrics_not_loopback" (anything but a numeric loopback address), kRetry "port_taken" {port}.
  [[nodiscard]] static Result<MetricsServer> listen(const channel::Address& address);
  MetricsServer(MetricsServer&& other) noexcept;
  MetricsServer& operator=(MetricsServer&&) = delete;
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;
  ~MetricsServer();

  /// Where it listens (port 0 was replaced).
  [[nodiscard]] const channel::Address& address() const { return address_; }
  void add_to(std::vector<pollfd>& polled) const;
  /// `text` is asked for each whole request to /metrics; an error is answered with 503.
  using Text = std::function<Result<std::string>()>;
  void attend(const std::vector<pollfd>& polled, const Text& text);

 private:
  struct Caller {
    int descriptor = -1;
    std::string received = {};
    std::string to_send = {};
    std::size_t sent = 0;
  };
  MetricsServer(int descriptor, channel::Address address) : descriptor_(descriptor), address_(std::move(address)) {}
  void admit();
  [[nodiscard]] static bool attend_to(Caller& caller, const Text& text);

  int descriptor_;
  channel::Address address_;
  std::list<Caller> callers_;  // the oldest first
};

}  // namespace lantaarn::server::admin
