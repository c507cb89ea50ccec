#pragma once
// How often one handheld may come: one that breaks the protocol again and again, or does nothing but begin sessions, takes
// no more than its share. Pure bookkeeping; knows at most as many devices as there are.

#include <chrono>
#include <map>

#include "common/base/id.hpp"
#include "sync_server/gateway/limits.hpp"

namespace lantaarn::server::gateway {

class DeviceRates {
 public:
  using Clock = std::chrono::steady_clock;
  explicit DeviceRates(const GatewayLimits& limits) : limits_(limits) {}

  /// Whether this one may begin a session now; when it may, that is counted.
  [[nodiscard]] bool admits(const DeviceId& device, Clock::time_point now);
  /// Its session ended because it broke the protocol.
  void broke_protocol(const DeviceId& device, Clock::time_point now);

 private:
  struct Spent {
    double sessions = 0;  // comes back with time
    Clock::time_point at{};
  };
  Spent& spent(const DeviceId& device, Clock::time_point now);

  GatewayLimits limits_;
  std::map<DeviceId, Spent> devices_;
};

}  // namespace lantaarn::server::gateway
