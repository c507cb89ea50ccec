#include "common/crypto/secret.hpp"

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <set>
#include <type_traits>

using namespace lantaarn;
using namespace lantaarn::crypto;

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(!std::is_copy_constructible_v<SecretBytes> && !std::is_copy_assignable_v<SecretBytes>);

namespace {

Key key_of(std::uint8_t byte) {
  Key key;
  std::fill(key.span().begin(), key.span().end(), byte);
  return key;
}

bool all_zero(const std::uint8_t* bytes, std::size_t count) {
  return std::all_of(bytes, bytes + count, [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

TEST_CASE("a secret begins as zeroes and only ever has the length it is made for", "[crypto]") {
  CHECK(all_zero(Key().data(), Key::kBytes));
  CHECK_FALSE(Key::from(Bytes(31)).has_value());
  CHECK(Key::from(Bytes(32, 7))->view()[31] == 7);
  CHECK_FALSE(Key::from(Bytes(33)).has_value());
}

TEST_CASE("a moved-from secret holds nothing and the bytes have one owner", "[crypto]") {
  Key first = key_of(9);
  const std::uint8_t* where = first.data();
  Key second = std::move(first);
  CHECK(first.data() == nullptr);
  CHECK(second.data() == where);
  Key third;
  third = std::move(second);
  CHECK(second.data() == nullptr);
  CHECK(third.view()[0] == 9);
  Key& same = third;
  third = std::move(same);
  CHECK(third.view()[0] == 9);
}

TEST_CASE("a secret is wiped when it is let go", "[crypto]") {
  const std::uint8_t* where = nullptr;
  {
    const Key key = key_of(0xaa);
    where = key.data();
  }
  // The slot is still mapped: slots are reused, never given back to the system.
  CHECK(all_zero(where, Key::kBytes));
}

TEST_CASE("an overwritten secret is wiped", "[crypto]") {
  Key key = key_of(0xaa);
  const std::uint8_t* where = key.data();
  key = key_of(0xbb);
  CHECK(all_zero(where, Key::kBytes));
  CHECK(key.view()[0] == 0xbb);
}

TEST_CASE("ten thousand secrets at once do not share a byte", "[crypto]") {
  std::vector<Key> keys(10'000);
  std::set<const std::uint8_t*> places;
  for (const Key& key : keys) places.insert(key.data());
  CHECK(places.size() == keys.size());
  const std::uint8_t* last = nullptr;
  std::ptrdiff_t nearest = 1 << 20;
  for (const std::uint8_t* place : places) {
    if (last != nullptr) nearest = std::min(nearest, place - last);
    last = place;
  }
  CHECK(nearest >= 32);
}

TEST_CASE("a duplicate is a secret of its own", "[crypto]") {
  Key one = key_of(1);
  const Key two = one.duplicate();
  one.data()[0] = 2;
  CHECK(two.view()[0] == 1);
}

TEST_CASE("secret bytes forget their tail and move like secrets", "[crypto]") {
  SecretBytes pin(as_bytes("123456"));
  const std::uint8_t* where = pin.data();
  pin.truncate(4);
  CHECK(pin.size() == 4);
  CHECK(as_text(pin.view()) == "1234");
  CHECK(all_zero(where + 4, 2));
  pin.truncate(10);
  CHECK(pin.size() == 4);
  SecretBytes moved = std::move(pin);
  CHECK(pin.size() == 0);
  CHECK(as_text(moved.view()) == "1234");
  CHECK(SecretBytes(ByteView{}).view().empty());
}

TEST_CASE("equal means the same bytes and the same length", "[crypto]") {
  CHECK(equal(as_bytes("abc"), as_bytes("abc")));
  CHECK_FALSE(equal(as_bytes("abc"), as_bytes("abd")));
  CHECK_FALSE(equal(as_bytes("abc"), as_bytes("ab")));
  CHECK(equal({}, {}));
}

TEST_CASE("memory that cannot be had for a secret is an exception, not a secret elsewhere", "[crypto]") {
  CHECK_THROWS_AS(SecretBytes(SIZE_MAX / 4), std::bad_alloc);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    const rlimit nothing_more{1, before.rlim_max};
    std::vector<Secret<256>> kept;
    kept.reserve(4096);
    ::setrlimit(RLIMIT_AS, &nothing_more);
    int code = 1;
    try {
      while (kept.size() < kept.capacity()) kept.emplace_back();
    } catch (const std::bad_alloc&) {
      code = 0;
    }
    ::setrlimit(RLIMIT_AS, &before);
    std::exit(code);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
#endif
}
