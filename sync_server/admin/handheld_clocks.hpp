#pragma once
// When a handheld's clock is worth writing down: once for each of its boots, and again when its wall clock was moved by
// more than two minutes against its monotonic one. Repaired times are computed from these facts (sync_server/merge).

#include <map>

#include "common/sync/sync.pb.h"
#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

inline constexpr std::int64_t kClockToleranceMs = 2 * 60 * 1000;

class HandheldClocks {
 public:
  /// Learns what is on record already.
  [[nodiscard]] static Result<HandheldClocks> load(Registry& registry);

  /// The fact to record about this sample, or nothing when it says nothing new. Remembers it.
  [[nodiscard]] std::optional<model::pb::ClockObserved> observe(const DeviceId& device, const sync::pb::ClockSample& sample,
                                                                std::int64_t server_wall_ms);

 private:
  void remember(const model::pb::ClockObserved& observed);
  std::map<std::pair<std::string, std::string>, std::int64_t> wall_minus_monotonic_ms_;  // by device, boot
};

}  // namespace lantaarn::server::admin
