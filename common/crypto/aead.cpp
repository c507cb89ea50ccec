#include "common/crypto/aead.hpp"

#include <sodium.h>

#include "common/crypto/random.hpp"

namespace lantaarn::crypto {

static_assert(kTagBytes == crypto_aead_xchacha20poly1305_ietf_ABYTES);
static_assert(kXNonceBytes == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);

void xchacha_encrypt(const Key& key, ByteView nonce24, ByteView additional, ByteView plain, Bytes& out) {
  const std::size_t at = out.size();
  out.resize(at + plain.size() + kTagBytes);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + at, nullptr, plain.data(), plain.size(), additional.data(),
                                             additional.size(), nullptr, nonce24.data(), key.data());
}

void xchacha_encrypt_in_place(const Key& key, ByteView nonce24, ByteView additional, std::span<std::uint8_t> text) {
  crypto_aead_xchacha20poly1305_ietf_encrypt(text.data(), nullptr, text.data(), text.size() - kTagBytes, additional.data(),
                                             additional.size(), nullptr, nonce24.data(), key.data());
}

bool xchacha_decrypt(const Key& key, ByteView nonce24, ByteView additional, ByteView cipher, Bytes& out) {
  out.clear();
  if (cipher.size() < kTagBytes || nonce24.size() != kXNonceBytes) return false;
  out.resize(cipher.size() - kTagBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(out.data(), nullptr, nullptr, cipher.data(), cipher.size(), additional.data(),
                                                 additional.size(), nonce24.data(), key.data()) != 0) {
    out.clear();
    return false;
  }
  return true;
}

Bytes seal_record(const Key& key, ByteView additional, ByteView plain) {
  Bytes box(kXNonceBytes);
  fill_random(box);
  box.reserve(kXNonceBytes + plain.size() + kTagBytes);
  const ByteArray<kXNonceBytes> nonce = *to_array<kXNonceBytes>(box);
  xchacha_encrypt(key, nonce, additional, plain, box);
  return box;
}

std::optional<Bytes> open_record(const Key& key, ByteView additional, ByteView box) {
  if (box.size() < kXNonceBytes + kTagBytes) return std::nullopt;
  Bytes plain;
  if (!xchacha_decrypt(key, box.first(kXNonceBytes), additional, box.subspan(kXNonceBytes), plain)) return std::nullopt;
  return plain;
}

std::optional<SecretBytes> open_secret_record(const Key& key, ByteView additional, ByteView box) {
  if (box.size() < kXNonceBytes + kTagBytes) return std::nullopt;
  SecretBytes plain(box.size() - kXNonceBytes - kTagBytes);
  const ByteView cipher = box.subspan(kXNonceBytes);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, cipher.data(), cipher.size(),
                                                 additional.data(), additional.size(), box.data(), key.data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

}  // namespace lantaarn::crypto
