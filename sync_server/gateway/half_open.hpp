#pragma once
// Handshakes that are not finished: how many may stand open, and which one gives way. Pure bookkeeping.

#include <chrono>
#include <functional>
#include <list>
#include <map>
#include <optional>
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

  /// Whether a connection from `address` is worth a handshake: not when too many there have failed lately.
  [[nodiscard]] bool admits(const std::string& address, Clock::time_point now);
  /// A new one from `address`. When there are too many, of all or of this address, the oldest of those is closed.
  [[nodiscard]] Ticket add(const std::string& address, Close close, Clock::time_point now);
  /// It has ended, well or not. Not for one that was closed by add().
  void remove(Ticket ticket, bool failed, Clock::time_point now);
  /// Closes the oldest of all, if there is one (no descriptors left).
  void evict_oldest();

  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] std::uint64_t evicted() const { return evicted_; }
  [[nodiscard]] std::uint64_t failed() const { return failed_; }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }

 private:
  struct Address {
    std::list<Ticket> open;
    std::size_t failures = 0;
    double spent = 0;  // of the burst of failures; comes back with time
    Clock::time_point spent_at{};
    std::optional<Clock::time_point> proven_at;
  };
  void give_back(Address& address, Clock::time_point now) const;
  void evict(Ticket ticket);
  void forget_failures(Clock::time_point now);

  GatewayLimits limits_;
  std::list<Entry> all_;
  std::map<std::string, Address> addresses_;
  Clock::time_point forget_at_{};
  std::uint64_t evicted_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t turned_away_ = 0;
};

}  // namespace lantaarn::server::gateway
