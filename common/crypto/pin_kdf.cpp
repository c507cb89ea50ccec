#include "common/crypto/pin_kdf.hpp"

#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

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

namespace {

// This thread's own time: a busy machine must not make tomorrow's PIN cheaper to guess.
double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1000.0 + static_cast<double>(now.tv_nsec) / 1e6;
}

}  // namespace

Result<KdfParameters> measure_argon2id(int target_ms) {
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES));
  const auto page_bytes = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  KdfParameters parameters{std::min<std::uint64_t>(64ULL << 20, pages * page_bytes / 8), 2};
  const std::uint8_t salt[crypto_pwhash_SALTBYTES] = {};
  const std::uint8_t pin[8] = {};
  const double start = thread_ms();
  if (auto key = argon2id(pin, salt, parameters); !key.ok()) return std::move(key).error();
  const double pass_ms = (thread_ms() - start) / 2.0;
  parameters.passes = static_cast<std::uint64_t>(std::clamp(target_ms / std::max(pass_ms, 0.1), 2.0, 100.0));
  return parameters;
}

}  // namespace lantaarn::crypto
