#pragma once
// Noise_XKpsk3_25519_ChaChaPoly_SHA256 as numbered steps, both sides next to each other. No I/O.
//
//      handheld (Initiator)                    server (Responder)
//                          <- s   (known to the handheld from its ticket)
//   1  write_message_1     -> e, es            read_message_1
//   2  read_message_2      <- e, ee            write_message_2
//   3  write_message_3     -> s, se, psk       read_device_key (s), then admit (se, psk)
//   4  finish                                  finish
//
// The responder stops between read_device_key and admit for as long as looking up the PSK takes.
// Steps out of order are kBug; after any error the object is dead and every further step fails.

#include "common/channel/noise.hpp"

namespace lantaarn::channel {

/// What a finished handshake leaves behind. `handshake_hash` names this session on both sides (channel binding).
struct SessionKeys {
  CipherState send;
  CipherState receive;
  ByteArray<32> handshake_hash;
};

class Initiator {
 public:
  /// `own` must outlive this object.
  Initiator(const DhKeyPair& own, const crypto::DhPublicKey& server, ByteView prologue);
  /// With an ephemeral key of the caller's choice: for test vectors only.
  Initiator(const DhKeyPair& own, const crypto::DhPublicKey& server, ByteView prologue, DhKeyPair ephemeral);

  /// 48 bytes + payload. Errors: kRejectPeer "server_key_wrong" (the server's public key is no usable point).
  [[nodiscard]] Result<Bytes> write_message_1(ByteView payload);
  /// `message` must carry exactly payload.size() bytes of payload, which are written there.
  /// Errors: kRejectPeer "server_key_wrong": whoever answered does not hold the key we know the server by.
  [[nodiscard]] Status read_message_2(ByteView message, std::span<std::uint8_t> payload);
  /// 64 bytes + payload. Errors: kRejectPeer "handshake_failed" (all-zero shared secret).
  [[nodiscard]] Result<Bytes> write_message_3(const crypto::Key& psk, ByteView payload);
  [[nodiscard]] Result<SessionKeys> finish();

 private:
  [[nodiscard]] bool take_step(int step);

  SymmetricState symmetric_;
  const DhKeyPair* own_;
  crypto::DhPublicKey server_;
  DhKeyPair ephemeral_;
  crypto::DhPublicKey server_ephemeral_{};
  int step_ = 1;
};

class Responder {
 public:
  /// `own` must outlive this object.
  Responder(const DhKeyPair& own, ByteView prologue);
  /// With an ephemeral key of the caller's choice: for test vectors only.
  Responder(const DhKeyPair& own, ByteView prologue, DhKeyPair ephemeral);

  /// `message` must carry exactly payload.size() bytes of payload, which are written there.
  /// Errors: kRejectPeer "handshake_failed". Message 1 proves nothing about its sender and may be a replay:
  /// change no state because of it.
  [[nodiscard]] Status read_message_1(ByteView message, std::span<std::uint8_t> payload);
  /// Another try at the same message 1, as the holder of another static key; only after read_message_1 failed, when the
  /// ephemeral key was shown to nobody yet. This object is spent.
  [[nodiscard]] Responder as_holder_of(const DhKeyPair& own, ByteView prologue) && { return {own, prologue, std::move(ephemeral_)}; }
  [[nodiscard]] Result<Bytes> write_message_2(ByteView payload);
  /// The first part of message 3: which device says it is there. Not proved until admit() succeeds.
  /// Errors: kRejectPeer "handshake_failed".
  [[nodiscard]] Result<crypto::DhPublicKey> read_device_key(ByteView message3);
  /// The rest of the same message 3, under that device's (or ticket's) PSK.
  /// Errors: kRejectPeer "handshake_failed": another PSK, or not the holder of the device key.
  [[nodiscard]] Status admit(ByteView message3, const crypto::Key& psk, std::span<std::uint8_t> payload);
  [[nodiscard]] Result<SessionKeys> finish();

 private:
  [[nodiscard]] bool take_step(int step);

  SymmetricState symmetric_;
  const DhKeyPair* own_;
  DhKeyPair ephemeral_;
  crypto::DhPublicKey device_{};
  crypto::DhPublicKey device_ephemeral_{};
  int step_ = 1;
};

// Ten thousand half-open sessions are a nuisance, not an attack: keys live in pooled slots of 32 bytes.
static_assert(sizeof(Initiator) <= 256);
static_assert(sizeof(Responder) <= 256);

}  // namespace lantaarn::channel
