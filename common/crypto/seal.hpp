#pragma once
// Sealed boxes: anyone may seal to a public key, only its holder opens (crypto_box_seal: X25519, XSalsa20-Poly1305).

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

inline constexpr std::size_t kSealedBoxOverhead = 48;
using BoxPublicKey = ByteArray<32>;

/// An X25519 key pair for sealed boxes; the private half is its own seed.
class BoxKey {
 public:
  explicit BoxKey(Key private_key);
  [[nodiscard]] const BoxPublicKey& public_key() const { return public_key_; }
  [[nodiscard]] const Key& private_key() const { return private_key_; }
  /// Nothing when the box was not sealed to this key or was altered.
  [[nodiscard]] std::optional<SecretBytes> open(ByteView box) const;

 private:
  Key private_key_;
  BoxPublicKey public_key_{};
};

[[nodiscard]] Bytes seal_to(const BoxPublicKey& to, ByteView plain);

}  // namespace lantaarn::crypto
