#include "common/channel/noise.hpp"

#include <limits>
#include <set>

#include "parties.hpp"

namespace lantaarn::channel {
namespace {

constexpr std::uint64_t kLast = std::numeric_limits<std::uint64_t>::max();

struct Pair {
  explicit Pair(std::uint64_t counter = 0) {
    crypto::Key key = crypto::random_secret<32>();
    writer.emplace(key.duplicate(), counter);
    reader.emplace(std::move(key), counter);
  }
  Bytes write(std::string_view text) {
    Bytes cipher(text.size() + 16);
    REQUIRE(writer->encrypt({}, as_bytes(text), cipher.data()));
    return cipher;
  }
  bool reads(ByteView cipher, std::string_view text) {
    Bytes plain(cipher.size() - 16);
    return reader->decrypt({}, cipher, plain.data()) && as_text(plain) == text;
  }
  std::optional<CipherState> writer, reader;
};

}  // namespace

TEST_CASE("a forged ciphertext does not move the counter, so the genuine one still opens", "[channel]") {
  Pair pair;
  const Bytes genuine = pair.write("a contact");
  for (std::size_t i = 0; i < genuine.size(); ++i) {
    Bytes forged = genuine;
    forged[i] ^= 1;
    REQUIRE_FALSE(pair.reads(forged, "a contact"));
    REQUIRE(pair.reader->counter() == 0);
  }
  REQUIRE(pair.reads(genuine, "a contact"));
  REQUIRE(pair.reader->counter() == 1);
}

TEST_CASE("a ciphertext opens once, and only in its place", "[channel]") {
  Pair pair;
  const Bytes first = pair.write("first"), second = pair.write("second");
  CHECK_FALSE(pair.reads(second, "second"));
  CHECK(pair.reads(first, "first"));
  CHECK_FALSE(pair.reads(first, "first"));
  CHECK(pair.reads(second, "second"));
}

TEST_CASE("no nonce is used twice: equal plaintexts never give equal ciphertexts", "[channel]") {
  Pair pair;
  std::set<Bytes> seen;
  for (int i = 0; i < 5000; ++i) REQUIRE(seen.insert(pair.write("the same words")).second);
  CHECK(pair.writer->counter() == 5000);
}

TEST_CASE("the counter's last value but one is used, the last never", "[channel]") {
  Pair pair(kLast - 1);
  CHECK(pair.reads(pair.write("the last"), "the last"));
  Bytes untouched(20, 0x55);
  CHECK_FALSE(pair.writer->encrypt({}, as_bytes("more"), untouched.data()));
  CHECK(untouched == Bytes(20, 0x55));
  CHECK_FALSE(pair.reads(untouched, "more"));
  CHECK(pair.writer->counter() == kLast);
}

TEST_CASE("additional data is authenticated, and decryption works in place", "[channel]") {
  Pair pair;
  Bytes cipher(4 + 16);
  REQUIRE(pair.writer->encrypt(as_bytes("context"), as_bytes("data"), cipher.data()));
  Bytes plain(4);
  CHECK_FALSE(pair.reader->decrypt(as_bytes("another"), cipher, plain.data()));
  REQUIRE(pair.reader->decrypt(as_bytes("context"), cipher, cipher.data()));
  CHECK(as_text(ByteView(cipher).first(4)) == "data");
}

TEST_CASE("before its first key a handshake neither seals nor opens anything", "[channel]") {
  SymmetricState state(as_bytes("prologue"));
  const auto hash = state.handshake_hash();
  Bytes out;
  CHECK(state.encrypt_and_hash(as_bytes("in clear?"), out).error().kind == ErrorKind::kBug);
  CHECK(as_text(out).find("in clear") == std::string_view::npos);
  Bytes plain(4);
  CHECK_FALSE(state.decrypt_and_hash(Bytes(4 + 16), plain.data()));
  CHECK(state.handshake_hash() == hash);
}

}  // namespace lantaarn::channel
