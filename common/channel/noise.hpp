#pragma once
// The Noise Protocol Framework's objects (revision 34, section 5) for one suite: 25519, ChaChaPoly, SHA256.
// No I/O, no randomness except DhKeyPair::random(). Not thread-safe; each session has its own.

#include <optional>

#include "common/base/id.hpp"
#include "common/base/result.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::channel {

inline constexpr std::string_view kProtocolName = "Noise_XKpsk3_25519_ChaChaPoly_SHA256";

/// An X25519 pair, static or ephemeral.
class DhKeyPair {
 public:
  explicit DhKeyPair(crypto::Key private_key);
  [[nodiscard]] static DhKeyPair random();
  [[nodiscard]] const crypto::Key& private_key() const { return private_key_; }
  [[nodiscard]] const crypto::DhPublicKey& public_key() const { return public_key_; }

 private:
  crypto::Key private_key_;
  crypto::DhPublicKey public_key_;
};

/// One direction's key and counter (section 5.1). Nonce = 4 zero bytes ‖ LE64 counter; no nonce is used twice:
/// the counter moves after every encryption and only after a successful decryption.
class CipherState {
 public:
  /// `counter` other than zero is for tests of its end.
  explicit CipherState(crypto::Key key, std::uint64_t counter = 0);
  /// Writes plain.size() + 16 bytes to `out`, which may be plain's own start.
  /// False, and nothing is encrypted, at the counter's last value (2^64 - 1, which Noise reserves).
  [[nodiscard]] bool encrypt(ByteView additional, ByteView plain, std::uint8_t* out);
  /// Writes cipher.size() - 16 bytes to `out`, which may be cipher's own start. False when it does not authenticate
  /// or the counter is at its end; the counter then stays where it was.
  [[nodiscard]] bool decrypt(ByteView additional, ByteView cipher, std::uint8_t* out);
  [[nodiscard]] std::uint64_t counter() const { return counter_; }

 private:
  crypto::Key key_;
  std::uint64_t counter_;
};

/// Section 5.2. In our pattern every payload and static key comes after a first mix_key.
class SymmetricState {
 public:
  explicit SymmetricState(ByteView prologue);
  void mix_hash(ByteView data);
  void mix_key(ByteView input);
  void mix_key_and_hash(ByteView psk);
  /// Appends the ciphertext to `out`.
  [[nodiscard]] Status encrypt_and_hash(ByteView plain, Bytes& out);
  /// Writes cipher.size() - 16 bytes to `out`; false when it does not authenticate.
  [[nodiscard]] bool decrypt_and_hash(ByteView cipher, std::uint8_t* out);
  [[nodiscard]] const ByteArray<32>& handshake_hash() const { return hash_; }
  /// The two directions' keys: the initiator sends with the first, the responder with the second.
  [[nodiscard]] std::pair<CipherState, CipherState> split() const;

 private:
  crypto::Key chaining_key_;
  ByteArray<32> hash_;
  std::optional<CipherState> cipher_;
};

}  // namespace lantaarn::channel
