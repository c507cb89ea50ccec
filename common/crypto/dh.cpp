#include "common/crypto/dh.hpp"

#include <sodium.h>

namespace lantaarn::crypto {

DhPublicKey dh_public(const Key& private_key) {
  DhPublicKey out;
  crypto_scalarmult_base(out.data(), private_key.data());
  return out;
}

std::optional<Key> dh(const Key& private_key, const DhPublicKey& public_key) {
  Key shared;
  if (crypto_scalarmult(shared.data(), private_key.data(), public_key.data()) != 0) return std::nullopt;
  return shared;
}

}  // namespace lantaarn::crypto
