#pragma once
// BLAKE2b (RFC 7693) for our own formats; SHA-256 and HMAC (FIPS 180-4, RFC 2104) for the Noise suite.

#include "common/base/id.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

/// BLAKE2b-256 over the parts in order, as if they were one buffer.
[[nodiscard]] Hash blake2b_256(std::initializer_list<ByteView> parts);
/// BLAKE2b-128.
[[nodiscard]] ByteArray<16> blake2b_128(std::initializer_list<ByteView> parts);
/// Keyed BLAKE2b-256: a MAC, or a name that only key holders can recompute.
[[nodiscard]] Hash blake2b_256_keyed(const Key& key, std::initializer_list<ByteView> parts);
/// A key for one named purpose out of another: keyed BLAKE2b over `purpose` and `id`.
[[nodiscard]] Key derive_key(const Key& from, std::string_view purpose, ByteView id = {});

/// BLAKE2b-256 fed piece by piece; finish() once.
class Blake2b256 {
 public:
  Blake2b256();
  void update(ByteView bytes);
  [[nodiscard]] Hash finish();

 private:
  alignas(64) std::uint8_t state_[384];
};

[[nodiscard]] ByteArray<32> sha256(std::initializer_list<ByteView> parts);
/// HMAC-SHA-256 into `out` (32 bytes).
void hmac_sha256(ByteView key, std::initializer_list<ByteView> parts, std::span<std::uint8_t, 32> out);

}  // namespace lantaarn::crypto
