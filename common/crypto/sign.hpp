#pragma once
// Ed25519 (RFC 8032). Every signature covers a context string of its own: what is signed is context ‖ 0 ‖ message.

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

inline constexpr std::size_t kSignatureBytes = 64;
using Signature = ByteArray<kSignatureBytes>;
using VerifyKey = ByteArray<32>;
using SignSeed = Secret<32>;

/// A signing key expanded from its 32-byte seed (which is what is stored).
class SignKey {
 public:
  explicit SignKey(const SignSeed& seed);
  [[nodiscard]] Signature sign(std::string_view context, ByteView message) const;
  [[nodiscard]] const VerifyKey& verify_key() const { return verify_key_; }

 private:
  Secret<64> secret_;
  VerifyKey verify_key_{};
};

[[nodiscard]] bool verify(const VerifyKey& key, std::string_view context, ByteView message, ByteView signature);

}  // namespace lantaarn::crypto
