#pragma once
// Randomness that can be repeated: a test prints its seed, and LANTAARN_SEED=<number> runs it again.

#include <catch2/catch.hpp>
#include <cstdint>
#include <random>
#include <string>

#include "common/base/bytes.hpp"
#include "common/crypto/pin_kdf.hpp"

namespace lantaarn::support {

/// LANTAARN_SEED when set, else a new one.
[[nodiscard]] std::uint64_t test_seed();

class Random {
 public:
  explicit Random(std::uint64_t seed = test_seed()) : seed_(seed), engine_(seed) {}
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  /// 0 … below - 1.
  [[nodiscard]] std::uint64_t below(std::uint64_t below) { return engine_() % below; }
  [[nodiscard]] bool one_in(std::uint64_t count) { return below(count) == 0; }
  [[nodiscard]] Bytes bytes(std::size_t count);
  [[nodiscard]] std::mt19937_64& engine() { return engine_; }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

/// A keyed hash in Argon2id's place, so that a crash test may open a vault ten thousand times. No program links it.
[[nodiscard]] crypto::PinKdf cheap_pin_kdf();

}  // namespace lantaarn::support

/// LANTAARN_RANDOM(random): a Random named so; a failing assertion after it prints the seed.
#define LANTAARN_RANDOM(name)         \
  lantaarn::support::Random name;     \
  INFO("LANTAARN_SEED=" << name.seed())
