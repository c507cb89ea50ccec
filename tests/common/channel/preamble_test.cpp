#include "common/channel/preamble.hpp"

#include <catch2/catch.hpp>

namespace lantaarn::channel {

TEST_CASE("a preamble says which protocol, which version and what for", "[channel]") {
  for (Purpose purpose : {Purpose::kSync, Purpose::kEnrolment}) CHECK(*read_preamble(make_preamble(purpose)) == purpose);
  CHECK(message1_bytes(Purpose::kSync) == 48);
  CHECK(message1_bytes(Purpose::kEnrolment) == 64);
}

TEST_CASE("any other preamble is garbage, except another version, which says so", "[channel]") {
  for (std::size_t i = 0; i < kPreambleBytes; ++i) {
    auto altered = make_preamble(Purpose::kSync);
    altered[i] ^= 0x82;
    const auto read = read_preamble(altered);
    REQUIRE_FALSE(read.ok());
    CHECK(read.error().kind == ErrorKind::kRejectPeer);
    CHECK(read.error().code == (i == 4 ? "peer_version" : "peer_garbage"));
  }
  CHECK_FALSE(read_preamble(as_bytes("GET / HT")).ok());
  CHECK_FALSE(read_preamble(as_bytes("LNTN")).ok());
  auto third_purpose = make_preamble(Purpose::kSync);
  third_purpose[5] = 2;
  CHECK_FALSE(read_preamble(third_purpose).ok());
}

}  // namespace lantaarn::channel
