#include "common/base/bytes.hpp"

#include <catch2/catch.hpp>
#include <unordered_set>

#include "common/base/id.hpp"
#include "tests/support/random.hpp"

using namespace lantaarn;

TEST_CASE("hex is printed in lowercase and read in either case", "[base]") {
  CHECK(to_hex(Bytes{0x00, 0x0f, 0xa0, 0xff}) == "000fa0ff");
  CHECK(from_hex("000fA0fF") == Bytes{0x00, 0x0f, 0xa0, 0xff});
  CHECK(from_hex("") == Bytes{});
}

TEST_CASE("what is not hex is not read as hex", "[base]") {
  for (const char* text : {"0", "0g", "g0", "0x", " 00", "00 ", "-1", "0\xc3\xa9"}) {
    CAPTURE(text);
    CHECK_FALSE(from_hex(text).has_value());
  }
}

TEST_CASE("any bytes come back from their hex", "[base]") {
  LANTAARN_RANDOM(random);
  for (int i = 0; i < 100; ++i) {
    const Bytes bytes = random.bytes(random.below(64));
    CHECK(from_hex(to_hex(bytes)) == bytes);
  }
}

TEST_CASE("integers are stored with their low byte first", "[base]") {
  Bytes bytes;
  append_le<std::uint32_t>(bytes, 0x01020304);
  append_le<std::uint16_t>(bytes, 0xfffe);
  append_le<std::int64_t>(bytes, -2);
  CHECK(to_hex(bytes) == "04030201feff" "feffffffffffffff");
  CHECK(load_le<std::uint32_t>(bytes.data()) == 0x01020304);
  CHECK(load_le<std::uint16_t>(bytes.data() + 4) == 0xfffe);
  CHECK(load_le<std::int64_t>(bytes.data() + 6) == -2);
}

TEST_CASE("a reader that runs out says so and keeps its place", "[base]") {
  const Bytes bytes{1, 2, 3, 4, 5};
  ByteReader reader(bytes);
  CHECK(reader.take_le<std::uint32_t>() == 0x04030201U);
  CHECK_FALSE(reader.take_le<std::uint16_t>().has_value());
  CHECK_FALSE(reader.take(2).has_value());
  CHECK(reader.rest().size() == 1);
  CHECK(reader.take(1)->front() == 5);
  CHECK(reader.empty());
  CHECK(reader.take(0).has_value());
}

TEST_CASE("an array is made of exactly its length", "[base]") {
  CHECK(to_array<4>(Bytes{1, 2, 3, 4}).has_value());
  CHECK_FALSE(to_array<4>(Bytes{1, 2, 3}).has_value());
  CHECK_FALSE(to_array<4>(Bytes{1, 2, 3, 4, 5}).has_value());
}

TEST_CASE("an id is sixteen bytes, spelt as 32 hex digits", "[base]") {
  const std::string text = "000102030405060708090a0b0c0d0e0f";
  const auto id = EventId::parse_hex(text);
  REQUIRE(id.has_value());
  CHECK(id->hex() == text);
  CHECK(EventId::from(id->view()) == id);
  CHECK_FALSE(id->is_zero());
  CHECK(EventId{}.is_zero());
  CHECK_FALSE(EventId::parse_hex(text.substr(2)).has_value());
  CHECK_FALSE(EventId::parse_hex(text + "10").has_value());
  CHECK_FALSE(EventId::from(std::string(15, 'x')).has_value());
}

TEST_CASE("ids order by their bytes and can be kept in hash sets", "[base]") {
  const auto low = *EventId::parse_hex("00ffffffffffffffffffffffffffffff");
  const auto high = *EventId::parse_hex("01000000000000000000000000000000");
  CHECK(low < high);
  const std::unordered_set<EventId> set{low, high, low};
  CHECK(set.size() == 2);
}

static_assert(!std::is_convertible_v<EventId, ClientId>, "ids of different kinds cannot be swapped");
