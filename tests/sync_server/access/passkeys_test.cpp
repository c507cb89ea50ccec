#include <catch2/catch.hpp>

#include "common/crypto/secret.hpp"
#include "tests/sync_server/access/virtual_passkey.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {

const Site kSite{"localhost", "https://localhost:8443"};
const Bytes kChallenge(32, 7);

StoredPasskey stored_from(const VirtualPasskey& passkey) {
  const auto made = passkey.create(kSite, kChallenge);
  const auto checked = check_registration(kSite, kChallenge, made.client_data_json, made.authenticator_data);
  REQUIRE(checked.ok());
  return {checked->algorithm, checked->public_key, checked->sign_count};
}

std::string what_did_not_hold(const Error& error) {
  REQUIRE(error.code == "passkey_invalid");
  return error.args.front();
}

}  // namespace

TEST_CASE("a passkey that was made here opens here", "[access][passkeys]") {
  REQUIRE(crypto::initialise().ok());
  const int algorithm = GENERATE(kEs256, kEdDsa);
  VirtualPasskey passkey("localhost", algorithm);
  const auto made = passkey.create(kSite, kChallenge);
  const auto checked = check_registration(kSite, kChallenge, made.client_data_json, made.authenticator_data);
  REQUIRE(checked.ok());
  CHECK(checked->id == passkey.id);
  CHECK(checked->algorithm == algorithm);
  const StoredPasskey stored{checked->algorithm, checked->public_key, checked->sign_count};
  const auto count = check_assertion(kSite, kChallenge, passkey.use(kSite, kChallenge), stored);
  REQUIRE(count.ok());
  CHECK(*count == 1);
}

TEST_CASE("a passkey answers one question, of one site, by its own key", "[access][passkeys]") {
  REQUIRE(crypto::initialise().ok());
  VirtualPasskey passkey("localhost");
  const StoredPasskey stored = stored_from(passkey);
  const auto refusal = [&](const Site& site, const Bytes& challenge, const Assertion& assertion) {
    const auto checked = check_assertion(site, challenge, assertion, stored);
    REQUIRE_FALSE(checked.ok());
    return what_did_not_hold(checked.error());
  };
  CHECK(refusal(kSite, Bytes(32, 8), passkey.use(kSite, kChallenge)) == "challenge");
  CHECK(refusal(kSite, kChallenge, passkey.use({"localhost", "https://elsewhere.example"}, kChallenge)) == "origin");
  CHECK(refusal({"other.example", kSite.origin}, kChallenge, passkey.use(kSite, kChallenge)) == "site");
  CHECK(refusal(kSite, kChallenge, passkey.use(kSite, kChallenge, 0x01)) == "user_verification");

  Assertion bent = passkey.use(kSite, kChallenge);
  bent.authenticator_data[36] ^= 0x40;  // a count that was not signed
  CHECK(refusal(kSite, kChallenge, bent) == "signature");
  VirtualPasskey stranger("localhost");
  CHECK(refusal(kSite, kChallenge, stranger.use(kSite, kChallenge)) == "signature");

  // What was made to create does not serve to sign in, and the other way round.
  Assertion made_of_creation = passkey.use(kSite, kChallenge);
  made_of_creation.client_data_json = passkey.create(kSite, kChallenge).client_data_json;
  CHECK(refusal(kSite, kChallenge, made_of_creation) == "type");
}

TEST_CASE("a passkey whose count does not grow is a copy", "[access][passkeys]") {
  REQUIRE(crypto::initialise().ok());
  VirtualPasskey passkey("localhost");
  StoredPasskey stored = stored_from(passkey);
  stored.sign_count = 1;
  const auto checked = check_assertion(kSite, kChallenge, passkey.use(kSite, kChallenge), stored);
  REQUIRE_FALSE(checked.ok());
  CHECK(what_did_not_hold(checked.error()) == "sign_count");
}

TEST_CASE("a passkey without user verification, or cut off, is not taken", "[access][passkeys]") {
  REQUIRE(crypto::initialise().ok());
  VirtualPasskey passkey("localhost");
  const auto unverified = passkey.create(kSite, kChallenge, 0x41);
  CHECK(what_did_not_hold(check_registration(kSite, kChallenge, unverified.client_data_json, unverified.authenticator_data).error()) == "user_verification");
  const auto whole = passkey.create(kSite, kChallenge);
  for (std::size_t size = 0; size < whole.authenticator_data.size(); ++size) {
    const auto checked = check_registration(kSite, kChallenge, whole.client_data_json, ByteView(whole.authenticator_data).first(size));
    REQUIRE_FALSE(checked.ok());
  }
}
