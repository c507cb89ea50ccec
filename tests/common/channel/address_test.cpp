#include "common/channel/address.hpp"

#include <catch2/catch.hpp>

namespace lantaarn::channel {

TEST_CASE("an address is read as people write it, and written the same way", "[channel]") {
  for (const char* text : {"127.0.0.1:4040", "localhost:0", "[::1]:65535", "sync.ggd.example:443"}) {
    const auto address = parse_address(text);
    REQUIRE(address.ok());
    CHECK(address->to_text() == text);
  }
  CHECK(parse_address("[::1]:7")->host == "::1");
}

TEST_CASE("an address without a host or a real port is refused by its text", "[channel]") {
  for (const char* text : {"", ":", "host", "host:", ":80", "host:65536", "host:-1", "host:8o", "::1:80", "[]:80", "h]:1", "[::1:80"}) {
    const auto address = parse_address(text);
    INFO(text);
    REQUIRE_FALSE(address.ok());
    CHECK(address.error().code == "address_invalid");
    CHECK(address.error().args == std::vector<std::string>{text});
  }
}

}  // namespace lantaarn::channel
