#include "common/channel/handshake.hpp"

#include "common/channel/limits.hpp"

namespace lantaarn::channel {
namespace {

constexpr int kDead = 0;
constexpr std::size_t kKeyBytes = 32;

/// MixKey(DH(a, b)); false when the shared secret is all zero, which closes.
bool mix_dh(SymmetricState& symmetric, const DhKeyPair& a, const crypto::DhPublicKey& b) {
  const auto shared = crypto::dh(a.private_key(), b);
  if (!shared) return false;
  symmetric.mix_key(shared->view());
  return true;
}

/// Token e in a PSK handshake (section 9.2): the ephemeral key is hashed and keyed.
void mix_ephemeral(SymmetricState& symmetric, const crypto::DhPublicKey& key) {
  symmetric.mix_hash(key);
  symmetric.mix_key(key);
}

crypto::DhPublicKey key_at_start(ByteView message) { return *to_array<kKeyBytes>(message.first(kKeyBytes)); }

Error failed(const char* where) { return in_context(reject_peer("handshake_failed"), where); }
Error wrong_server() { return reject_peer("server_key_wrong"); }
Error out_of_order() { return bug("channel: handshake step out of order"); }

}  // namespace

Initiator::Initiator(const DhKeyPair& own, const crypto::DhPublicKey& server, ByteView prologue)
    : Initiator(own, server, prologue, DhKeyPair::random()) {}

Initiator::Initiator(const DhKeyPair& own, const crypto::DhPublicKey& server, ByteView prologue, DhKeyPair ephemeral)
    : symmetric_(prologue), own_(&own), server_(server), ephemeral_(std::move(ephemeral)) {
  symmetric_.mix_hash(server_);
}

Responder::Responder(const DhKeyPair& own, ByteView prologue) : Responder(own, prologue, DhKeyPair::random()) {}

Responder::Responder(const DhKeyPair& own, ByteView prologue, DhKeyPair ephemeral)
    : symmetric_(prologue), own_(&own), ephemeral_(std::move(ephemeral)) {
  symmetric_.mix_hash(own_->public_key());
}

// A step is entered once, in order; it revives the object only when it reaches its end.
bool Initiator::take_step(int step) {
  const bool in_order = step_ == step;
  step_ = kDead;
  return in_order;
}
bool Responder::take_step(int step) {
  const bool in_order = step_ == step;
  step_ = kDead;
  return in_order;
}

// Message 1: e, es, payload.
Result<Bytes> Initiator::write_message_1(ByteView payload) {
  if (!take_step(1)) return out_of_order();
  Bytes message = to_bytes(ephemeral_.public_key());
  mix_ephemeral(symmetric_, ephemeral_.public_key());
  if (!mix_dh(symmetric_, ephemeral_, server_)) return wrong_server();
  LANTAARN_TRY(symmetric_.encrypt_and_hash(payload, message));
  step_ = 2;
  return message;
}
Status Responder::read_message_1(ByteView message, std::span<std::uint8_t> payload) {
  if (!take_step(1)) return out_of_order();
  if (message.size() != kMessage1Bytes + payload.size()) return failed("message 1: length");
  device_ephemeral_ = key_at_start(message);
  mix_ephemeral(symmetric_, device_ephemeral_);
  if (!mix_dh(symmetric_, *own_, device_ephemeral_)) return failed("message 1: zero secret");
  if (!symmetric_.decrypt_and_hash(message.subspan(kKeyBytes), payload.data())) return failed("message 1");
  step_ = 2;
  return {};
}

// Message 2: e, ee, payload.
Result<Bytes> Responder::write_message_2(ByteView payload) {
  if (!take_step(2)) return out_of_order();
  Bytes message = to_bytes(ephemeral_.public_key());
  mix_ephemeral(symmetric_, ephemeral_.public_key());
  if (!mix_dh(symmetric_, ephemeral_, device_ephemeral_)) return failed("message 2: zero secret");
  LANTAARN_TRY(symmetric_.encrypt_and_hash(payload, message));
  step_ = 3;
  return message;
}
Status Initiator::read_message_2(ByteView message, std::span<std::uint8_t> payload) {
  if (!take_step(2)) return out_of_order();
  if (message.size() != kMessage2Bytes + payload.size()) return wrong_server();
  server_ephemeral_ = key_at_start(message);
  mix_ephemeral(symmetric_, server_ephemeral_);
  if (!mix_dh(symmetric_, ephemeral_, server_ephemeral_)) return wrong_server();
  if (!symmetric_.decrypt_and_hash(message.subspan(kKeyBytes), payload.data())) return wrong_server();
  step_ = 3;
  return {};
}

// Message 3: s, se, psk, payload.
Result<Bytes> Initiator::write_message_3(const crypto::Key& psk, ByteView payload) {
  if (!take_step(3)) return out_of_order();
  Bytes message;
  message.reserve(kMessage3Bytes + payload.size());
  LANTAARN_TRY(symmetric_.encrypt_and_hash(own_->public_key(), message));
  if (!mix_dh(symmetric_, *own_, server_ephemeral_)) return failed("message 3: zero secret");
  symmetric_.mix_key_and_hash(psk.view());
  LANTAARN_TRY(symmetric_.encrypt_and_hash(payload, message));
  step_ = 4;
  return message;
}
Result<crypto::DhPublicKey> Responder::read_device_key(ByteView message3) {
  if (!take_step(3)) return out_of_order();
  if (message3.size() < kMessage3Bytes) return failed("message 3: length");
  if (!symmetric_.decrypt_and_hash(message3.first(kKeyBytes + kFrameTagBytes), device_.data())) return failed("message 3: s");
  step_ = 4;
  return device_;
}
Status Responder::admit(ByteView message3, const crypto::Key& psk, std::span<std::uint8_t> payload) {
  if (!take_step(4)) return out_of_order();
  if (message3.size() != kMessage3Bytes + payload.size()) return failed("message 3: length");
  if (!mix_dh(symmetric_, ephemeral_, device_)) return failed("message 3: zero secret");
  symmetric_.mix_key_and_hash(psk.view());
  const ByteView rest = message3.subspan(kKeyBytes + kFrameTagBytes);
  if (!symmetric_.decrypt_and_hash(rest, payload.data())) return failed("message 3: psk");
  step_ = 5;
  return {};
}

// The initiator sends with the first key of the split, the responder with the second.
Result<SessionKeys> Initiator::finish() {
  if (!take_step(4)) return out_of_order();
  auto [first, second] = symmetric_.split();
  return SessionKeys{std::move(first), std::move(second), symmetric_.handshake_hash()};
}
Result<SessionKeys> Responder::finish() {
  if (!take_step(5)) return out_of_order();
  auto [first, second] = symmetric_.split();
  return SessionKeys{std::move(second), std::move(first), symmetric_.handshake_hash()};
}

}  // namespace lantaarn::channel
