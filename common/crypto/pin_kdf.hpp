#pragma once
// From a PIN to a key, slowly: Argon2id (RFC 9106) with parameters stored beside the vault.

#include <functional>

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

inline constexpr std::size_t kKdfSaltBytes = 16;

/// Memory in bytes, passes over it.
struct KdfParameters {
  std::uint64_t memory_bytes = 0;
  std::uint64_t passes = 0;
};

/// A PIN function. Programs use argon2id; tests may inject a cheap one where the Vault is built, which no flag,
/// file or environment of a shipped program can select.
/// Errors: kRetry "memory_short" (costs no attempt).
using PinKdf = std::function<Result<Key>(ByteView pin_and_device_secret, ByteView salt, const KdfParameters&)>;

[[nodiscard]] Result<Key> argon2id(ByteView pin_and_device_secret, ByteView salt, const KdfParameters& parameters);

/// Finds parameters for about `target_ms` of this machine's processor time: memory = min(64 MiB, RAM / 8), passes measured.
/// Takes about as long as its target. Errors: kRetry "memory_short".
[[nodiscard]] Result<KdfParameters> measure_argon2id(int target_ms);

}  // namespace lantaarn::crypto
