#pragma once
// Inside Stream: the server's handshake with its wire lengths, as decisions without I/O. The coroutine around it only
// moves bytes, which also keeps a half-open session small.

#include <optional>

#include "common/channel/handshake.hpp"
#include "common/channel/stream.hpp"

namespace lantaarn::channel {

class Answering {
 public:
  /// `server` must outlive this object, and so must `peer`, where it writes what it learns.
  Answering(const ServerIdentity& server, Peer& peer) : server_(&server), peer_(&peer) {}

  /// Where the next step's bytes go: the preamble, message 1, message 3. Read exactly that many, then take them.
  [[nodiscard]] std::span<std::uint8_t> room_for_preamble() { return std::span(bytes_).first(kPreambleBytes); }
  [[nodiscard]] std::span<std::uint8_t> room_for_message1() { return std::span(bytes_).first(message1_bytes(peer_->purpose)); }
  [[nodiscard]] std::span<std::uint8_t> room_for_message3() { return bytes_; }

  /// Errors of the three: those of Stream::accept.
  [[nodiscard]] Status take_preamble();
  /// Tries the server's keys, newest first, until one opens it.
  /// Afterwards reply() is message 2; after an error, the zeros that say "I am not the server you mean".
  [[nodiscard]] Status take_message1();
  /// Afterwards the peer is complete, and to be looked up.
  [[nodiscard]] Status take_message3();
  /// The handshake's end. Without a PSK (the look-up's refusal) it fails after the same work as with a wrong one, so
  /// that nobody learns from the time it takes which devices exist.
  [[nodiscard]] Status admit(const crypto::Key* psk);

  [[nodiscard]] ByteView reply() const { return ByteView(bytes_).first(kMessage2Bytes); }
  /// Once, after admit() succeeded.
  [[nodiscard]] Result<SessionKeys> finish() { return responder_->finish(); }

 private:
  [[nodiscard]] Status read_message1(std::span<std::uint8_t> ticket);
  const ServerIdentity* server_;
  Peer* peer_;
  ByteArray<kPreambleBytes> preamble_{};
  ByteArray<kMessage3Bytes> bytes_{};  ///< one message at a time
  std::optional<Responder> responder_;
};

static_assert(kMessage3Bytes >= kMessage2Bytes);
static_assert(kMessage3Bytes >= kMessage1Bytes + kTicketIdBytes);
static_assert(sizeof(Answering) <= 320);

}  // namespace lantaarn::channel
