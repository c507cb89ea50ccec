#include "common/crypto/pin_kdf.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace lantaarn::crypto {

Result<Key> argon2id(ByteView pin_and_device_secret, ByteView salt, const KdfParameters& parameters) {
  if (salt.size() != crypto_pwhash_SALTBYTES) return bug("crypto: Argon2id salt of the wrong length");
  Key key;
  if (crypto_pwhash(key.data(), Key::kBytes, reinterpret_cast<const char*>(pin_and_device_secret.data()),
                    pin_and_device_secret.size(), salt.data(), parameters.passes, parameters.memory_bytes,
                    crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return retry("memory_short");
  }
  return key;
}

Result<KdfParameters> measure_argon2id(int target_ms) {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  KdfParameters parameters{std::min<std::uint64_t>(64ULL << 20, pages * page_bytes / 8), 2};
  const std::uint8_t salt[crypto_pwhash_SALTBYTES] = {};
  const std::uint8_t pin[8] = {};
  const auto start = std::chrono::steady_clock::now();
  if (auto key = argon2id(pin, salt, parameters); !key.ok()) return std::move(key).error();
  const double pass_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / 2.0;
  parameters.passes = static_cast<std::uint64_t>(std::clamp(target_ms / std::max(pass_ms, 0.1), 2.0, 100.0));
  return parameters;
}

}  // namespace lantaarn::crypto
