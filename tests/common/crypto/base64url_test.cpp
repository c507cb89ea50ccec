#include "common/crypto/base64url.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/secret.hpp"

using namespace lantaarn;
using namespace lantaarn::crypto;

TEST_CASE("base64url is that of RFC 4648 section 5, without padding", "[crypto]") {
  REQUIRE(initialise().ok());
  const std::pair<std::string, std::string> kKnown[] = {{"", ""}, {"f", "Zg"}, {"fo", "Zm8"}, {"foo", "Zm9v"}, {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : kKnown) {
    CHECK(to_base64url(as_bytes(plain)) == text);
    REQUIRE(from_base64url(text));
    CHECK(to_string(*from_base64url(text)) == plain);
  }
  CHECK(to_base64url(Bytes{0xfb, 0xff}) == "-_8");
}

TEST_CASE("what is not wholly base64url without padding is nothing", "[crypto]") {
  REQUIRE(initialise().ok());
  for (const char* text : {"Zg==", "Zg=", "Z", "Zm9vY", "Zg ", " Zg", "Z+8", "Z/8", "Zh", "Zg\n", "Zg.Zg"}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text));
  }
}
