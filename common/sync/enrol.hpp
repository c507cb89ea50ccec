#pragma once
// Enrolment: one question, one answer, inside a channel whose PSK came with the ticket. No I/O.
//   handheld: make_enrol_request → … → check_enrol_reply        server: EnrolReceiver

#include <variant>

#include "common/base/clock.hpp"
#include "common/crypto/seal.hpp"
#include "common/sync/server_keys.hpp"

namespace lantaarn::sync {

/// The user's own keys, made on the handheld just now. `sign_key` is not owned.
struct EnrolUser {
  UserId id;
  crypto::BoxPublicKey box_key{};
  const crypto::SignKey* sign_key = nullptr;
};

/// What the proof covers: this session and these keys, so that nobody can enrol a key she does not hold.
[[nodiscard]] Bytes enrol_proof_text(ByteView handshake_hash, const UserId& user, ByteView box_key);

/// Keyed with the ticket's enrolment secret, over this session, the device's channel key and the user's keys. Whoever
/// answers the channel (the gateway, with the ticket's PSK) cannot make one; the registry checks it before it records
/// anything, so that nobody but the ticket's holder decides whose keys are enrolled.
[[nodiscard]] Hash enrol_ticket_proof(const crypto::Key& enrol_secret, ByteView handshake_hash, ByteView channel_key,
                                      const UserId& user, ByteView box_key, ByteView verify_key);

/// What the ticket's holder proves it with: the ticket's secret, and this device's public channel key.
struct EnrolTicket {
  const crypto::Key& enrol_secret;
  ByteArray<32> channel_key{};
};

/// The first message.
[[nodiscard]] Bytes make_enrol_request(const EnrolUser& user, const EnrolTicket& ticket, ByteView handshake_hash,
                                       const ClockReading& clock);

/// Checked with the ticket's authority key, or the one that follows it.
struct Enrolled {
  crypto::Key device_psk;
  std::uint32_t epoch = 0;
  std::int64_t server_time_ms = 0;
  pb::Statement users;
  pb::Statement receipt_key;
  pb::Statement lease;
  std::optional<NewServerKeys> newer_keys;  ///< than the ticket's
};
/// `known`: the ticket's keys. Errors: kRejectPeer the other side's refusal | "protocol_error" | "statement_not_authentic".
[[nodiscard]] Result<Enrolled> check_enrol_reply(ByteView message, const KnownServerKeys& known, const DeviceId& device);

/// The server's side: receive() the request, ask the registry, answer.
class EnrolReceiver {
 public:
  explicit EnrolReceiver(ByteView handshake_hash) : handshake_hash_(to_bytes(handshake_hash)) {}
  /// The request, its lengths and its proof checked; once. Errors: kRejectPeer "protocol_error".
  [[nodiscard]] Result<pb::EnrolRequest> receive(ByteView message);

 private:
  Bytes handshake_hash_;
  bool asked_ = false;
};
[[nodiscard]] Bytes enrol_reply_message(const pb::EnrolReply& reply);

}  // namespace lantaarn::sync
