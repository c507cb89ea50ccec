#include "sync_server/gateway/device_rates.hpp"

#include <algorithm>
#include <utility>

namespace lantaarn::server::gateway {

DeviceRates::Spent& DeviceRates::spent(const DeviceId& device, Clock::time_point now) {
  Spent& spent = devices_.try_emplace(device, Spent{0, now}).first->second;
  const std::chrono::duration<double> since = now - std::exchange(spent.at, now);
  spent.sessions = std::max(0.0, spent.sessions - since.count() * limits_.device_sessions_per_second);
  return spent;
}

bool DeviceRates::admits(const DeviceId& device, Clock::time_point now) {
  Spent& so_far = spent(device, now);
  if (so_far.sessions + 1 > limits_.device_sessions_burst) return false;
  so_far.sessions += 1;
  return true;
}

// Not beyond twice the burst: a handheld that was mended gets in again within minutes.
void DeviceRates::broke_protocol(const DeviceId& device, Clock::time_point now) {
  Spent& so_far = spent(device, now);
  so_far.sessions = std::min(so_far.sessions + limits_.device_fault_sessions, 2 * limits_.device_sessions_burst);
}

}  // namespace lantaarn::server::gateway
