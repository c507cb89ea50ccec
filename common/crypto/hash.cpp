#include "common/crypto/hash.hpp"

#include <sodium.h>

namespace lantaarn::crypto {
namespace {

template <std::size_t N>
ByteArray<N> blake2b(ByteView key, std::initializer_list<ByteView> parts) {
  crypto_generichash_state state;
  crypto_generichash_init(&state, key.empty() ? nullptr : key.data(), key.size(), N);
  for (ByteView part : parts) crypto_generichash_update(&state, part.data(), part.size());
  ByteArray<N> out;
  crypto_generichash_final(&state, out.data(), N);
  return out;
}

}  // namespace

Hash blake2b_256(std::initializer_list<ByteView> parts) { return blake2b<32>({}, parts); }
ByteArray<16> blake2b_128(std::initializer_list<ByteView> parts) { return blake2b<16>({}, parts); }
Hash blake2b_256_keyed(const Key& key, std::initializer_list<ByteView> parts) { return blake2b<32>(key.view(), parts); }

Key derive_key(const Key& from, std::string_view purpose, ByteView id) {
  static constexpr std::uint8_t kSeparator = 0;
  Hash raw = blake2b_256_keyed(from, {as_bytes(purpose), ByteView(&kSeparator, 1), id});
  Key key{std::span<const std::uint8_t, 32>(raw)};
  wipe(raw);
  return key;
}

Blake2b256::Blake2b256() {
  static_assert(sizeof(crypto_generichash_state) <= sizeof state_);
  crypto_generichash_init(reinterpret_cast<crypto_generichash_state*>(state_), nullptr, 0, 32);
}
void Blake2b256::update(ByteView bytes) {
  crypto_generichash_update(reinterpret_cast<crypto_generichash_state*>(state_), bytes.data(), bytes.size());
}
Hash Blake2b256::finish() {
  Hash out;
  crypto_generichash_final(reinterpret_cast<crypto_generichash_state*>(state_), out.data(), out.size());
  return out;
}

ByteArray<32> sha256(std::initializer_list<ByteView> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (ByteView part : parts) crypto_hash_sha256_update(&state, part.data(), part.size());
  ByteArray<32> out;
  crypto_hash_sha256_final(&state, out.data());
  return out;
}

void hmac_sha256(ByteView key, std::initializer_list<ByteView> parts, std::span<std::uint8_t, 32> out) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  for (ByteView part : parts) crypto_auth_hmacsha256_update(&state, part.data(), part.size());
  crypto_auth_hmacsha256_final(&state, out.data());
}

}  // namespace lantaarn::crypto
