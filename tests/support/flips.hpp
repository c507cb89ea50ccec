#pragma once
// Which bits of something are flipped in turn: all of them when LANTAARN_TAMPER=all (tools/test --tamper), else as many as
// asked, one at random in each of so many equal stretches.

#include <cstdint>

#include "tests/support/random.hpp"

namespace lantaarn::support {

/// LANTAARN_SEED when set, else always the same: an ordinary run flips the bits it flipped before.
[[nodiscard]] std::uint64_t flips_seed();

class Flips {
 public:
  /// `random` must outlive it.
  Flips(std::uint64_t bits, std::uint64_t sampled, Random& random);
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// Of flip number `index`, from 0.
  [[nodiscard]] std::uint64_t bit(std::uint64_t index);

 private:
  std::uint64_t bits_;
  std::uint64_t count_;
  Random& random_;
};

}  // namespace lantaarn::support
