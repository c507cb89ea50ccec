#pragma once
// An Event: one fact with its author and its clocks. Its id is BLAKE2b-128 of its bytes, so equal events collapse.

#include "common/base/clock.hpp"
#include "common/base/id.hpp"
#include "common/base/result.hpp"
#include "common/model/event.pb.h"

namespace lantaarn::model {

using pb::Event;

/// A fresh event: nonce drawn, stamp and author filled in; the caller sets the fact.
[[nodiscard]] Event new_event(const UserId& author, const ClockReading& now);

/// The bytes that are sealed, hashed and kept.
[[nodiscard]] Bytes encode_event(const Event& event);
[[nodiscard]] EventId event_id_of(ByteView event_bytes);
/// kCorrupt "event_unreadable". A fact this program does not know is not an error: fact_case() is then FACT_NOT_SET.
[[nodiscard]] Result<Event> decode_event(ByteView event_bytes);

/// Protobuf carries ids as strings of bytes.
template <typename IdType>
[[nodiscard]] std::string id_field(const IdType& id) {
  return to_string(id.view());
}
[[nodiscard]] ClockReading reading_of(const pb::Stamp& stamp);

}  // namespace lantaarn::model
