#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include <catch2/catch.hpp>

#include "common/crypto/aead.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/pin_kdf.hpp"
#include "common/crypto/sign.hpp"
#include "tests/common/crypto/vectors.hpp"

using namespace lantaarn;
using namespace lantaarn::crypto;

namespace {

Key key_of(const Bytes& bytes) { return *Key::from(bytes); }
template <std::size_t N>
Bytes plain_bytes(const ByteArray<N>& array) {
  return {array.begin(), array.end()};
}

}  // namespace

TEST_CASE("ChaCha20-Poly1305 gives RFC 8439's ciphertext, in place too", "[crypto]") {
  auto v = published("rfc8439-2.8.2");
  Bytes out = v.at("plain");
  out.resize(out.size() + kTagBytes);
  chacha_encrypt(v.at("key"), v.at("nonce"), v.at("additional"), ByteView(out).first(v.at("plain").size()), out.data());
  CHECK(out == v.at("cipher"));
  REQUIRE(chacha_decrypt(v.at("key"), v.at("nonce"), v.at("additional"), out, out.data()));
  out.resize(v.at("plain").size());
  CHECK(out == v.at("plain"));
}

TEST_CASE("XChaCha20-Poly1305 gives the draft's ciphertext, appended", "[crypto]") {
  auto v = published("xchacha-a.3.1");
  Bytes out = {0xee};
  xchacha_encrypt(key_of(v.at("key")), v.at("nonce"), v.at("additional"), v.at("plain"), out);
  CHECK(out.front() == 0xee);
  out.erase(out.begin());
  CHECK(out == v.at("cipher"));
  Bytes plain;
  REQUIRE(xchacha_decrypt(key_of(v.at("key")), v.at("nonce"), v.at("additional"), out, plain));
  CHECK(plain == v.at("plain"));
}

TEST_CASE("a signature is plain Ed25519 over context, zero, message", "[crypto]") {
  auto v = published("rfc8032-1024");
  const SignKey key{*SignSeed::from(v.at("seed"))};
  CHECK(plain_bytes(key.verify_key()) == v.at("public"));
  const std::string context = to_string(v.at("context"));
  CHECK(plain_bytes(key.sign(context, v.at("message"))) == v.at("signature"));
  CHECK(verify(key.verify_key(), context, v.at("message"), v.at("signature")));
}

TEST_CASE("X25519 gives RFC 7748's shared secret from both sides", "[crypto]") {
  auto v = published("rfc7748-6.1");
  const Key alice = key_of(v.at("alice_private"));
  const Key bob = key_of(v.at("bob_private"));
  CHECK(plain_bytes(dh_public(alice)) == v.at("alice_public"));
  CHECK(plain_bytes(dh_public(bob)) == v.at("bob_public"));
  CHECK(to_bytes(dh(alice, dh_public(bob))->view()) == v.at("shared"));
  CHECK(to_bytes(dh(bob, dh_public(alice))->view()) == v.at("shared"));
}

TEST_CASE("an all-zero public key gives no shared secret", "[crypto]") {
  auto v = published("rfc7748-6.1");
  CHECK_FALSE(dh(key_of(v.at("alice_private")), DhPublicKey{}).has_value());
}

TEST_CASE("BLAKE2b gives the known digests, however the bytes are cut up", "[crypto]") {
  auto v = published("blake2b");
  const ByteView message = v.at("message");
  CHECK(plain_bytes(blake2b_256({message})) == v.at("digest_256"));
  CHECK(plain_bytes(blake2b_256({message.first(1), {}, message.subspan(1)})) == v.at("digest_256"));
  CHECK(plain_bytes(blake2b_256({})) == v.at("empty_256"));
  CHECK(plain_bytes(blake2b_128({message})) == v.at("digest_128"));
  CHECK(plain_bytes(blake2b_256_keyed(key_of(v.at("key")), {message})) == v.at("keyed_256"));
  Blake2b256 piecewise;
  for (std::uint8_t byte : message) piecewise.update({&byte, 1});
  CHECK(plain_bytes(piecewise.finish()) == v.at("digest_256"));
}

TEST_CASE("SHA-256 and HMAC give the published digests", "[crypto]") {
  auto sha = published("fips180-abc");
  CHECK(plain_bytes(sha256({sha.at("message")})) == sha.at("digest"));
  auto mac = published("rfc4231-2");
  ByteArray<32> digest;
  hmac_sha256(mac.at("key"), {mac.at("message")}, digest);
  CHECK(plain_bytes(digest) == mac.at("digest"));
}

TEST_CASE("Argon2id gives the reference implementation's key", "[crypto]") {
  auto v = published("argon2id");
  const auto key = argon2id(v.at("password"), v.at("salt"), {.memory_bytes = 8ULL << 20, .passes = 2});
  REQUIRE(key.ok());
  CHECK(to_bytes(key->view()) == v.at("key"));
}

TEST_CASE("Argon2id without the memory it was told to take is a passing condition", "[crypto]") {
  auto v = published("argon2id");
  const auto key = argon2id(v.at("password"), v.at("salt"), {.memory_bytes = 1ULL << 41, .passes = 1});
  REQUIRE_FALSE(key.ok());
  CHECK(key.error().kind == ErrorKind::kRetry);
  CHECK(key.error().code == "memory_short");
}

TEST_CASE("measured Argon2id parameters are never weaker than two passes, nor above 64 MiB", "[crypto]") {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  // With no more memory than this process has already: room for a key, none for the work.
  { const Key room; }
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    rlimit before{};
    ::getrlimit(RLIMIT_AS, &before);
    const rlimit nothing_more{1, before.rlim_max};
    ::setrlimit(RLIMIT_AS, &nothing_more);
    const bool is_short = [] {
      const auto measured = measure_argon2id(1);
      return !measured.ok() && measured.error().kind == ErrorKind::kRetry;
    }();
    ::setrlimit(RLIMIT_AS, &before);
    std::exit(is_short ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
#endif
  CHECK(argon2id(Bytes(8), Bytes(kKdfSaltBytes - 1), {.memory_bytes = 8ULL << 20, .passes = 2}).error().kind == ErrorKind::kBug);
  const auto parameters = measure_argon2id(1);
  REQUIRE(parameters.ok());
  CHECK(parameters->passes == 2);
  CHECK(parameters->memory_bytes <= 64ULL << 20);
  CHECK(parameters->memory_bytes >= 8ULL << 20);
}

TEST_CASE("a derived key differs by purpose, by id, and by where one ends and the other begins", "[crypto]") {
  const Key from = key_of(published("blake2b").at("key"));
  const auto derived = [&](std::string_view purpose, std::string_view id) {
    return to_bytes(derive_key(from, purpose, as_bytes(id)).view());
  };
  CHECK(derived("seal", "a") == derived("seal", "a"));
  CHECK(derived("seal", "a") != derived("name", "a"));
  CHECK(derived("seal", "a") != derived("seal", "b"));
  CHECK(derived("seal", "a") != derived("seala", ""));
}
