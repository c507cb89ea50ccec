#include "sync_server/admin/handheld_clocks.hpp"

#include <cstdlib>

namespace lantaarn::server::admin {

namespace {

// A clock may be wrong by any number of years, but not by thirty thousand.
constexpr std::int64_t kInstantMax = 1'000'000'000'000'000;

bool is_plausible(const sync::pb::ClockSample& sample) {
  return sample.wall_ms() >= -kInstantMax && sample.wall_ms() <= kInstantMax && sample.monotonic_ms() >= 0 && sample.monotonic_ms() <= kInstantMax;
}

}  // namespace

Result<HandheldClocks> HandheldClocks::load(Registry& registry) {
  HandheldClocks clocks;
  LANTAARN_ASSIGN(const auto entries, registry.entries_of_kind(model::Event::kClockObserved));
  for (const auto& entry : entries) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    clocks.remember(event.clock_observed());
  }
  return clocks;
}

void HandheldClocks::remember(const model::pb::ClockObserved& observed) {
  wall_minus_monotonic_ms_[{observed.device_id(), observed.boot_id()}] = observed.device_wall_ms() - observed.device_monotonic_ms();
}

std::optional<model::pb::ClockObserved> HandheldClocks::observe(const DeviceId& device, const sync::pb::ClockSample& sample,
                                                                std::int64_t server_wall_ms) {
  if (sample.boot_id().size() != kIdBytes || !is_plausible(sample)) return std::nullopt;
  const auto known = wall_minus_monotonic_ms_.find({model::id_field(device), sample.boot_id()});
  const std::int64_t now = sample.wall_ms() - sample.monotonic_ms();
  if (known != wall_minus_monotonic_ms_.end() && std::llabs(known->second - now) <= kClockToleranceMs) return std::nullopt;
  model::pb::ClockObserved observed;
  observed.set_device_id(model::id_field(device));
  observed.set_boot_id(sample.boot_id());
  observed.set_device_wall_ms(sample.wall_ms());
  observed.set_device_monotonic_ms(sample.monotonic_ms());
  observed.set_server_wall_ms(server_wall_ms);
  remember(observed);
  return observed;
}

}  // namespace lantaarn::server::admin
