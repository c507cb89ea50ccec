#pragma once
// X25519 (RFC 7748) for the channel.

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

using DhPublicKey = ByteArray<32>;

/// The public half of a private key.
[[nodiscard]] DhPublicKey dh_public(const Key& private_key);
/// The shared secret; nothing when it is all zero (RFC 7748 section 6.1), which closes the session.
[[nodiscard]] std::optional<Key> dh(const Key& private_key, const DhPublicKey& public_key);

}  // namespace lantaarn::crypto
