#include "tests/support/flips.hpp"

#include <algorithm>
#include <cstdlib>

namespace lantaarn::support {
namespace {

bool every_bit() {
  const char* asked = std::getenv("LANTAARN_TAMPER");
  return asked != nullptr && std::string(asked) == "all";
}

}  // namespace

std::uint64_t flips_seed() { return std::getenv("LANTAARN_SEED") != nullptr ? test_seed() : 1; }

Flips::Flips(std::uint64_t bits, std::uint64_t sampled, Random& random)
    : bits_(bits), count_(every_bit() ? bits : std::min(bits, sampled)), random_(random) {}

std::uint64_t Flips::bit(std::uint64_t index) {
  const std::uint64_t from = bits_ * index / count_, until = bits_ * (index + 1) / count_;
  return from + random_.below(until - from);
}

}  // namespace lantaarn::support
