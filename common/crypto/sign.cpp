#include "common/crypto/sign.hpp"

#include <sodium.h>

namespace lantaarn::crypto {
namespace {

// Signed messages here are short (heads, statements' bytes); one buffer keeps this plain Ed25519, not Ed25519ph.
Bytes with_context(std::string_view context, ByteView message) {
  Bytes bytes;
  bytes.reserve(context.size() + 1 + message.size());
  append(bytes, as_bytes(context));
  bytes.push_back(0);
  append(bytes, message);
  return bytes;
}

}  // namespace

SignKey::SignKey(const SignSeed& seed) { crypto_sign_seed_keypair(verify_key_.data(), secret_.data(), seed.data()); }

Signature SignKey::sign(std::string_view context, ByteView message) const {
  const Bytes bytes = with_context(context, message);
  Signature signature;
  crypto_sign_detached(signature.data(), nullptr, bytes.data(), bytes.size(), secret_.data());
  return signature;
}

bool verify(const VerifyKey& key, std::string_view context, ByteView message, ByteView signature) {
  if (signature.size() != kSignatureBytes) return false;
  const Bytes bytes = with_context(context, message);
  return crypto_sign_verify_detached(signature.data(), bytes.data(), bytes.size(), key.data()) == 0;
}

}  // namespace lantaarn::crypto
