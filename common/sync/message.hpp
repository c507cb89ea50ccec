#pragma once
// One message of a session as bytes, and the checks both sides share.

#include "common/base/result.hpp"
#include "common/sync/place.hpp"
#include "common/sync/sync.pb.h"

namespace lantaarn::sync {

[[nodiscard]] Bytes to_message(const pb::Message& message);
/// A Push without building a pb::Message around the batch: the one message whose size matters.
[[nodiscard]] Bytes push_message(const LogId& log, ByteView batch);
[[nodiscard]] Bytes refusal_message(const std::string& code);
/// Errors: kRejectPeer "protocol_error".
[[nodiscard]] Result<pb::Message> parse_message(ByteView bytes);

/// The refusal as this side's error: kRejectPeer with the peer's code, or "peer_refused" when it is no proper code.
[[nodiscard]] Error refusal_error(const pb::Refusal& refusal);
[[nodiscard]] Error protocol_error(const std::string& what);

/// Nothing unless the lengths fit (an empty hash counts as zeros when seq is 0).
[[nodiscard]] std::optional<Place> place_from(std::uint64_t seq, const std::string& hash);

}  // namespace lantaarn::sync
