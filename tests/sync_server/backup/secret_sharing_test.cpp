#include "sync_server/backup/secret_sharing.hpp"

#include <catch2/catch.hpp>
#include <cmath>

#include "common/crypto/random.hpp"

using namespace lantaarn;
using namespace lantaarn::server::backup;

TEST_CASE("any two of three shares bring the secret back, in either order", "[recovery]") {
  const auto secret = crypto::random_secret<kSharedBytes>();
  const auto shares = split(secret);
  for (std::size_t one = 0; one < kShares; ++one) {
    for (std::size_t other = 0; other < kShares; ++other) {
      if (one == other) continue;
      INFO(one << " " << other);
      CHECK(crypto::equal(join(shares[one], shares[other]).view(), secret.view()));
    }
  }
}

// What one share can look like does not depend on the secret: over many splittings of one secret, each byte value comes
// about equally often in each share (chi-square over 256 values; 350 is p < 0.0001, so this fails by chance never).
TEST_CASE("one share says nothing about the secret", "[recovery]") {
  SharedSecret secret;
  secret.data()[0] = 0x42;
  constexpr int kSplittings = 400;
  for (std::size_t which = 0; which < kShares; ++which) {
    std::array<int, 256> seen{};
    for (int i = 0; i < kSplittings; ++i) {
      const auto shares = split(secret);
      for (const std::uint8_t byte : shares[which].bytes.view()) ++seen[byte];
    }
    const double expected = kSplittings * static_cast<double>(kSharedBytes) / 256;
    double chi_square = 0;
    for (const int count : seen) chi_square += std::pow(count - expected, 2) / expected;
    CHECK(chi_square < 350);
    CHECK(chi_square > 150);
  }
}

TEST_CASE("a share of another splitting does not go with it", "[recovery]") {
  const auto secret = crypto::random_secret<kSharedBytes>();
  const auto once = split(secret);
  const auto again = split(secret);
  CHECK_FALSE(crypto::equal(once[0].bytes.view(), again[0].bytes.view()));
  CHECK_FALSE(crypto::equal(join(once[0], again[1]).view(), secret.view()));
}
