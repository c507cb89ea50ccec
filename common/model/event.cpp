#include "common/model/event.hpp"

#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "common/model/limits.hpp"

namespace lantaarn::model {

Event new_event(const UserId& author, const ClockReading& now) {
  Event event;
  ByteArray<16> nonce;
  crypto::fill_random(nonce);
  event.set_nonce(to_string(nonce));
  event.set_author(id_field(author));
  auto* stamp = event.mutable_recorded();
  stamp->set_wall_ms(now.wall_ms);
  stamp->set_monotonic_ms(now.monotonic_ms);
  stamp->set_boot_id(to_string(now.boot_id));
  stamp->set_clock_status(static_cast<std::uint32_t>(now.status));
  return event;
}

Bytes encode_event(const Event& event) {
  Bytes bytes(event.ByteSizeLong());
  event.SerializeWithCachedSizesToArray(bytes.data());
  return bytes;
}

EventId event_id_of(ByteView event_bytes) { return EventId{crypto::blake2b_128({as_bytes("lantaarn event v1"), event_bytes})}; }

Result<Event> decode_event(ByteView event_bytes) {
  Event event;
  if (event_bytes.size() > kEventBytesMax ||
      !event.ParseFromArray(event_bytes.data(), static_cast<int>(event_bytes.size()))) {
    return corrupt("event_unreadable");
  }
  return event;
}

ClockReading reading_of(const pb::Stamp& stamp) {
  ClockReading reading;
  reading.wall_ms = stamp.wall_ms();
  reading.monotonic_ms = stamp.monotonic_ms();
  if (auto boot = to_array<kIdBytes>(as_bytes(stamp.boot_id()))) reading.boot_id = *boot;
  reading.status = stamp.clock_status() <= 2 ? static_cast<ClockStatus>(stamp.clock_status()) : ClockStatus::kUnknown;
  return reading;
}

}  // namespace lantaarn::model
