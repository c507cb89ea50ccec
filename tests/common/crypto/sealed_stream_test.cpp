#include "common/crypto/sealed_stream.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"

using namespace lantaarn;
using namespace lantaarn::crypto;

namespace {

struct Sealed {
  Key key = random_secret<32>();
  ByteArray<kStreamHeaderBytes> header{};
  std::vector<Bytes> parts;
  Sealed() {
    SealingStream stream(key);
    header = stream.header();
    parts = {stream.seal(as_bytes("one"), as_bytes("head"), false), stream.seal({}, as_bytes("head"), false),
             stream.seal(as_bytes("three"), as_bytes("head"), true)};
  }
  // How many open, in this order.
  [[nodiscard]] std::size_t opened(const std::vector<Bytes>& in_order, const char* additional = "head") const {
    OpeningStream stream(key, header);
    std::size_t count = 0;
    while (count < in_order.size() && stream.open(in_order[count], as_bytes(additional))) ++count;
    return count;
  }
};

}  // namespace

TEST_CASE("a sealed stream opens part by part, and says which is the last", "[crypto]") {
  const Sealed sealed;
  OpeningStream stream(sealed.key, sealed.header);
  const auto one = stream.open(sealed.parts[0], as_bytes("head"));
  REQUIRE(one);
  CHECK(as_text(one->plain) == "one");
  CHECK_FALSE(one->last);
  CHECK(stream.open(sealed.parts[1], as_bytes("head"))->plain.empty());
  CHECK(stream.open(sealed.parts[2], as_bytes("head"))->last);
  CHECK_FALSE(stream.open(sealed.parts[2], as_bytes("head")));
}

TEST_CASE("a part that is altered, left out, repeated, moved or bound to something else does not open", "[crypto]") {
  const Sealed sealed;
  const auto& [one, two, three] = std::tie(sealed.parts[0], sealed.parts[1], sealed.parts[2]);
  CHECK(sealed.opened(sealed.parts) == 3);
  CHECK(sealed.opened({two, three}) == 0);
  CHECK(sealed.opened({one, three}) == 1);
  CHECK(sealed.opened({one, one}) == 1);
  CHECK(sealed.opened(sealed.parts, "other") == 0);
  for (std::size_t at = 0; at < one.size(); ++at) {
    Bytes altered = one;
    altered[at] ^= 1;
    CHECK(sealed.opened({altered}) == 0);
  }
  CHECK(sealed.opened({Bytes(kStreamPartOverhead - 1)}) == 0);
}
