#pragma once
// The seam for randomness. Programs draw from the kernel through libsodium; a simulation replaces the source for the
// whole process before its first draw (tests/support), which libsodium foresees (randombytes_set_implementation).

#include "common/base/id.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

void fill_random(std::span<std::uint8_t> out);
[[nodiscard]] std::uint64_t random_u64();

template <std::size_t N>
[[nodiscard]] Secret<N> random_secret() {
  Secret<N> secret;
  fill_random(secret.span());
  return secret;
}

template <typename IdType>
[[nodiscard]] IdType random_id() {
  IdType id;
  fill_random(id.bytes);
  return id;
}

/// From here on every random byte of this process is a function of `seed` (a ChaCha20 stream).
/// For tests and the simulator only; no shipped program calls it.
void seed_whole_process_for_simulation(std::uint64_t seed);

}  // namespace lantaarn::crypto
