#include "common/sync/enrol.hpp"

#include "common/crypto/hash.hpp"
#include "common/crypto/wipe_text.hpp"
#include "common/sync/limits.hpp"
#include "common/sync/message.hpp"

namespace lantaarn::sync {

Bytes enrol_proof_text(ByteView handshake_hash, const UserId& user, ByteView box_key) {
  Bytes text = to_bytes(handshake_hash);
  append(text, user.view());
  append(text, box_key);
  return text;
}

Hash enrol_ticket_proof(const crypto::Key& enrol_secret, ByteView handshake_hash, ByteView channel_key, const UserId& user,
                        ByteView box_key, ByteView verify_key) {
  return crypto::blake2b_256_keyed(
      enrol_secret, {as_bytes(kEnrolTicketContext), handshake_hash, channel_key, user.view(), box_key, verify_key});
}

Bytes make_enrol_request(const EnrolUser& user, const EnrolTicket& ticket, ByteView handshake_hash, const ClockReading& clock) {
  const auto proof = user.sign_key->sign(kEnrolContext, enrol_proof_text(handshake_hash, user.id, user.box_key));
  pb::Message message;
  pb::EnrolRequest& request = *message.mutable_enrol_request();
  request.set_user_id(to_string(user.id.view()));
  request.set_box_key(to_string(user.box_key));
  request.set_verify_key(to_string(user.sign_key->verify_key()));
  request.set_proof(to_string(proof));
  request.set_ticket_proof(to_string(enrol_ticket_proof(ticket.enrol_secret, handshake_hash, ticket.channel_key, user.id,
                                                        user.box_key, user.sign_key->verify_key())));
  request.mutable_clock()->set_wall_ms(clock.wall_ms);
  request.mutable_clock()->set_monotonic_ms(clock.monotonic_ms);
  request.mutable_clock()->set_boot_id(to_string(clock.boot_id));
  return to_message(message);
}

Result<Enrolled> check_enrol_reply(ByteView bytes, const KnownServerKeys& known, const DeviceId& device) {
  LANTAARN_ASSIGN(pb::Message message, parse_message(bytes));
  if (message.has_refusal()) return refusal_error(message.refusal());
  if (!message.has_enrol_reply()) return protocol_error("expected the enrolment's answer");
  pb::EnrolReply& reply = *message.mutable_enrol_reply();
  auto psk = crypto::Key::from(as_bytes(reply.device_psk()));
  crypto::wipe_text(*reply.mutable_device_psk());
  if (!psk) return protocol_error("no device PSK");
  LANTAARN_ASSIGN(auto newer_keys, follow_key_links(known, reply.server_keys(), reply.epoch()));
  const crypto::VerifyKey authority = newer_keys ? newer_keys->keys.authority : known.authority;
  const auto verified = [&](const pb::SignedStatement& one, pb::StatementKind kind) -> Result<pb::Statement> {
    LANTAARN_ASSIGN(pb::Statement statement, verify_statement(authority, kAuthorityContext, one, device));
    if (statement.kind() != kind) return in_context(reject_peer("statement_not_authentic"), "kind");
    // The reply itself is signed by nobody, and its epoch is kept for good.
    if (statement.epoch() != reply.epoch()) return in_context(reject_peer("statement_not_authentic"), "epoch");
    return statement;
  };
  LANTAARN_ASSIGN(pb::Statement users, verified(reply.users(), pb::USERS));
  LANTAARN_ASSIGN(pb::Statement receipt_key, verified(reply.receipt_key(), pb::RECEIPT_KEY));
  LANTAARN_ASSIGN(pb::Statement lease, verified(reply.lease(), pb::LEASE));
  return Enrolled{std::move(*psk),  reply.epoch(),          reply.server_time_ms(),
                  std::move(users), std::move(receipt_key), std::move(lease), std::move(newer_keys)};
}

Result<pb::EnrolRequest> EnrolReceiver::receive(ByteView bytes) {
  if (asked_ || bytes.size() > kFirstMessageBytesMax) return protocol_error("one small request");
  asked_ = true;
  LANTAARN_ASSIGN(pb::Message message, parse_message(bytes));
  if (!message.has_enrol_request()) return protocol_error("expected an enrolment");
  pb::EnrolRequest& request = *message.mutable_enrol_request();
  const auto user = UserId::from(request.user_id());
  const auto verify_key = to_array<32>(as_bytes(request.verify_key()));
  if (!user || !verify_key || request.box_key().size() != 32 || request.ticket_proof().size() != 32) return protocol_error("enrolment lengths");
  const Bytes text = enrol_proof_text(handshake_hash_, *user, as_bytes(request.box_key()));
  if (!crypto::verify(*verify_key, kEnrolContext, text, as_bytes(request.proof()))) return protocol_error("enrolment proof");
  return std::move(request);
}

Bytes enrol_reply_message(const pb::EnrolReply& reply) {
  pb::Message message;
  *message.mutable_enrol_reply() = reply;
  Bytes bytes = to_message(message);
  crypto::wipe_text(*message.mutable_enrol_reply()->mutable_device_psk());
  return bytes;
}

}  // namespace lantaarn::sync
