#include "sync_server/admin/context.hpp"

#include "common/base/civil_time.hpp"

namespace lantaarn::server::admin {

ClockReading Context::now() const {
  ClockReading reading = clock.now();
  if (reading.status == ClockStatus::kUnknown) reading.status = ClockStatus::kOk;
  return reading;
}

std::string Context::today() const { return to_string(date_in_amsterdam(clock.now().wall_ms)); }

UserId Context::author() const { return person ? person->id : UserId{keys.server.id.bytes}; }

Result<std::vector<EventId>> Context::record(const std::vector<model::Event>& events, const Merger::Also& also) {
  std::vector<Bytes> encoded;
  for (const auto& event : events) encoded.push_back(model::encode_event(event));
  return merger.record(encoded, clock.now().wall_ms, also);
}

}  // namespace lantaarn::server::admin
