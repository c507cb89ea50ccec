#pragma once
// Handshakes that are not finished: how many may stand open, and which one gives way. Pure bookkeeping.

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <string>

#include "sync_server/gateway/limits.hpp"

namespace lantaarn::server::gateway {

class HalfOpen {
 public:
  using Clock = std::chrono::steady_clock;
  /// `close` closes that connection; it must not call back.
  using Close = std::function<void()>;
  struct Entry {
    std::string address;
    Close close;
    std::list<std::list<Entry>::iterator>::iterator of_address;
  };
  using Ticket = std::list<Entry>::iterator;

  explicit HalfOpen(const GatewayLimits& limits) : limits_(limits) {}

  /// A new one from `address`. When there are too many, of all or of this address, the oldest of those is closed.
  [[nodiscard]] Ticket add(const std::string& address, Close close, Clock::time_point now);
  /// It has ended, well or not. Not for one that was closed by add().
  void remove(Ticket ticket, bool failed, Clock::time_point now);
  /// Closes the oldest of all, if there is one (no descriptors left).
  void evict_oldest();

  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }

 private:
  struct Address {
    std::list<Ticket> open;
    std::size_t failures = 0;
  };
  void evict(Ticket ticket);
  void forget_failures(Clock::time_point now);

  GatewayLimits limits_;
  std::list<Entry> all_;
  std::map<std::string, Address> addresses_;
  Clock::time_point forget_at_{};
  std::uint64_t evicted_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace lantaarn::server::gateway
