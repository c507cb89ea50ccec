#include "common/crypto/seal.hpp"

#include <sodium.h>

namespace lantaarn::crypto {

static_assert(kSealedBoxOverhead == crypto_box_SEALBYTES);

BoxKey::BoxKey(Key private_key) : private_key_(std::move(private_key)) {
  crypto_scalarmult_base(public_key_.data(), private_key_.data());
}

std::optional<SecretBytes> BoxKey::open(ByteView box) const {
  if (box.size() < kSealedBoxOverhead) return std::nullopt;
  SecretBytes plain(box.size() - kSealedBoxOverhead);
  if (crypto_box_seal_open(plain.data(), box.data(), box.size(), public_key_.data(), private_key_.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

Bytes seal_to(const BoxPublicKey& to, ByteView plain) {
  Bytes box(plain.size() + kSealedBoxOverhead);
  crypto_box_seal(box.data(), plain.data(), plain.size(), to.data());
  return box;
}

}  // namespace lantaarn::crypto
