// Whatever was sealed or signed, one flipped bit anywhere is noticed.

#include <catch2/catch.hpp>

#include "common/crypto/aead.hpp"
#include "common/crypto/random.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"

using namespace lantaarn;
using namespace lantaarn::crypto;

namespace {

const Bytes kPlain = to_bytes(as_bytes("zij heeft liever thee"));
const Bytes kAdditional = to_bytes(as_bytes("entry 7"));

/// Calls `opens` with every one-bit variation of `bytes`, and every shorter piece; returns how many opened.
template <typename Opens>
int opened_variations(const Bytes& bytes, Opens opens) {
  int opened = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    Bytes varied = bytes;
    varied[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    opened += opens(varied);
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) opened += opens(Bytes(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)));
  return opened;
}

}  // namespace

TEST_CASE("a record opens with its key and its context only", "[crypto]") {
  const Key key = random_secret<32>();
  const Bytes box = seal_record(key, kAdditional, kPlain);
  CHECK(box.size() == kPlain.size() + kXNonceBytes + kTagBytes);
  CHECK(open_record(key, kAdditional, box) == kPlain);
  CHECK(to_bytes(open_secret_record(key, kAdditional, box)->view()) == kPlain);
  CHECK_FALSE(open_record(random_secret<32>(), kAdditional, box));
  CHECK_FALSE(open_record(key, as_bytes("entry 8"), box));
  CHECK_FALSE(open_secret_record(key, as_bytes("entry 8"), box));
}

TEST_CASE("no variation of a record opens", "[crypto]") {
  const Key key = random_secret<32>();
  const Bytes box = seal_record(key, kAdditional, kPlain);
  CHECK(opened_variations(box, [&](const Bytes& varied) { return open_record(key, kAdditional, varied).has_value(); }) == 0);
  CHECK(opened_variations(box, [&](const Bytes& varied) { return open_secret_record(key, kAdditional, varied).has_value(); }) == 0);
}

TEST_CASE("a record that does not open leaves nothing of itself behind", "[crypto]") {
  const Key key = random_secret<32>();
  const ByteArray<kXNonceBytes> nonce{};
  Bytes cipher;
  xchacha_encrypt(key, nonce, {}, kPlain, cipher);
  cipher.back() ^= 1;
  Bytes plain = kPlain;
  CHECK_FALSE(xchacha_decrypt(key, nonce, {}, cipher, plain));
  CHECK(plain.empty());
}

TEST_CASE("the same record sealed twice looks different each time", "[crypto]") {
  const Key key = random_secret<32>();
  CHECK(seal_record(key, {}, kPlain) != seal_record(key, {}, kPlain));
}

TEST_CASE("an empty record is sealed and opened like any other", "[crypto]") {
  const Key key = random_secret<32>();
  CHECK(open_record(key, {}, seal_record(key, {}, {})) == Bytes{});
}

TEST_CASE("a sealed box opens for its holder only, and not at all once varied", "[crypto]") {
  const BoxKey holder(random_secret<32>());
  const BoxKey other(random_secret<32>());
  const Bytes box = seal_to(holder.public_key(), kPlain);
  CHECK(box.size() == kPlain.size() + kSealedBoxOverhead);
  CHECK(to_bytes(holder.open(box)->view()) == kPlain);
  CHECK_FALSE(other.open(box).has_value());
  // The top bit of an X25519 point is ignored (RFC 7748 section 5), but the box's nonce hashes all of it.
  CHECK(opened_variations(box, [&](const Bytes& varied) { return holder.open(varied).has_value(); }) == 0);
}

TEST_CASE("a signature holds for its context, message and key only", "[crypto]") {
  const SignKey key{random_secret<32>()};
  const SignKey other{random_secret<32>()};
  const Signature signature = key.sign("entry", kPlain);
  CHECK(verify(key.verify_key(), "entry", kPlain, signature));
  CHECK_FALSE(verify(key.verify_key(), "receipt", kPlain, signature));
  CHECK_FALSE(verify(key.verify_key(), "entry", kAdditional, signature));
  CHECK_FALSE(verify(other.verify_key(), "entry", kPlain, signature));
  const Bytes bytes = to_bytes(signature);
  CHECK(opened_variations(bytes, [&](const Bytes& varied) { return verify(key.verify_key(), "entry", kPlain, varied); }) == 0);
}

TEST_CASE("context and message cannot trade bytes", "[crypto]") {
  const SignKey key{random_secret<32>()};
  CHECK_FALSE(verify(key.verify_key(), "entr", as_bytes("yx"), key.sign("entry", as_bytes("x"))));
}

TEST_CASE("what is too short for a tag, or comes with a nonce of another length, does not open", "[crypto]") {
  const Key key = random_secret<32>();
  Bytes out;
  const Bytes nonce(kXNonceBytes);
  for (const std::size_t size : {std::size_t{0}, kTagBytes - 1}) {
    CHECK_FALSE(xchacha_decrypt(key, nonce, {}, Bytes(size), out));
    std::uint8_t none = 0;
    CHECK_FALSE(chacha_decrypt(key.view(), ByteView(nonce).first(12), {}, Bytes(size), &none));
  }
  Bytes box;
  xchacha_encrypt(key, nonce, {}, kPlain, box);
  CHECK(xchacha_decrypt(key, nonce, {}, box, out));
  CHECK_FALSE(xchacha_decrypt(key, Bytes(kXNonceBytes - 1), {}, box, out));
}
