#pragma once
// What stands before the handshake: eight bytes from the client, bound into the handshake by the prologue.

#include "common/base/id.hpp"
#include "common/base/result.hpp"
#include "common/channel/limits.hpp"

namespace lantaarn::channel {

/// What the session is for; on the wire, never renumbered.
enum class Purpose : std::uint8_t {
  kSync = 0,       ///< an enrolled handheld
  kEnrolment = 1,  ///< a ticket: message 1 carries its id, and its one-time PSK is mixed in
};

[[nodiscard]] ByteArray<kPreambleBytes> make_preamble(Purpose purpose);
/// Errors: kRejectPeer "peer_garbage" (not this protocol), "peer_version" (another version, {0}).
[[nodiscard]] Result<Purpose> read_preamble(ByteView preamble);
/// magic ‖ version ‖ server id ‖ every byte before the handshake.
[[nodiscard]] Bytes make_prologue(const ServerId& server, ByteView preamble);

/// Message 1's length on the wire.
[[nodiscard]] constexpr std::size_t message1_bytes(Purpose purpose) {
  return kMessage1Bytes + (purpose == Purpose::kEnrolment ? kTicketIdBytes : 0);
}

}  // namespace lantaarn::channel
