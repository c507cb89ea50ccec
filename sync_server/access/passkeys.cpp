#include "sync_server/access/passkeys.hpp"

#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <memory>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::server::access {
namespace {

namespace json = boost::json;

constexpr std::size_t kClientDataBytesMax = 4096;
constexpr std::size_t kRpIdHashBytes = 32;
constexpr std::size_t kFlagsAt = kRpIdHashBytes;
constexpr std::uint8_t kUserPresent = 0x01, kUserVerified = 0x04, kAttested = 0x40;

Error invalid(std::string_view what) { return refused("passkey_invalid", {std::string(what)}); }

struct CredentialFree {
  void operator()(fido_cred_t* credential) const { fido_cred_free(&credential); }
};
struct AssertionFree {
  void operator()(fido_assert_t* assertion) const { fido_assert_free(&assertion); }
};
struct Es256Free {
  void operator()(es256_pk_t* key) const { es256_pk_free(&key); }
};
struct EdDsaFree {
  void operator()(eddsa_pk_t* key) const { eddsa_pk_free(&key); }
};

std::string member(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// What the browser says it did, where, and for which question.
Status check_client_data(const Site& site, std::string_view type, ByteView challenge, ByteView text) {
  if (text.size() > kClientDataBytesMax) return invalid("client_data");
  boost::system::error_code failed;
  const json::value parsed = json::parse(as_text(text), failed);
  if (failed || !parsed.is_object()) return invalid("client_data");
  const json::object& data = parsed.as_object();
  if (member(data, "type") != type) return invalid("type");
  const auto answered = crypto::from_base64url(member(data, "challenge"));
  if (!answered || !crypto::equal(*answered, challenge)) return invalid("challenge");
  if (member(data, "origin") != site.origin) return invalid("origin");
  const auto* crossed = data.if_contains("crossOrigin");
  if (crossed != nullptr && crossed->is_bool() && crossed->as_bool()) return invalid("origin");
  return {};
}

// libfido2 judges these too, but not for a registration without attestation.
Status check_authenticator(const Site& site, ByteView data, std::uint8_t wanted) {
  if (data.size() <= kFlagsAt + 4) return invalid("authenticator_data");
  const auto expected = crypto::sha256({as_bytes(site.name)});
  if (!crypto::equal(data.first(kRpIdHashBytes), expected)) return invalid("site");
  if ((data[kFlagsAt] & wanted) != wanted) return invalid("user_verification");
  return {};
}

ByteView bytes_of(const unsigned char* data, std::size_t size) { return {data, size}; }

bool is_key(int algorithm, ByteView key) {
  if (algorithm == kEs256) {
    const std::unique_ptr<es256_pk_t, Es256Free> made(es256_pk_new());
    return key.size() == 64 && es256_pk_from_ptr(made.get(), key.data(), key.size()) == FIDO_OK;
  }
  return algorithm == kEdDsa && key.size() == 32;
}

}  // namespace

Result<NewPasskey> check_registration(const Site& site, ByteView challenge, ByteView client_data_json, ByteView authenticator_data) {
  LANTAARN_TRY(check_client_data(site, "webauthn.create", challenge, client_data_json));
  LANTAARN_TRY(check_authenticator(site, authenticator_data, kUserPresent | kUserVerified | kAttested));
  // The type first: the key inside is read as one of it. Which it is, the data alone say; a type is set once.
  for (const int algorithm : {kEs256, kEdDsa}) {
    const std::unique_ptr<fido_cred_t, CredentialFree> read(fido_cred_new());
    if (fido_cred_set_type(read.get(), algorithm) != FIDO_OK ||
        fido_cred_set_authdata_raw(read.get(), authenticator_data.data(), authenticator_data.size()) != FIDO_OK) {
      continue;
    }
    NewPasskey made{to_bytes(bytes_of(fido_cred_id_ptr(read.get()), fido_cred_id_len(read.get()))), algorithm,
                    to_bytes(bytes_of(fido_cred_pubkey_ptr(read.get()), fido_cred_pubkey_len(read.get()))),
                    fido_cred_sigcount(read.get())};
    if (made.id.empty() || !is_key(algorithm, made.public_key)) return invalid("key");
    return made;
  }
  return invalid("key");
}

Result<std::uint32_t> check_assertion(const Site& site, ByteView challenge, const Assertion& assertion, const StoredPasskey& stored) {
  LANTAARN_TRY(check_client_data(site, "webauthn.get", challenge, assertion.client_data_json));
  LANTAARN_TRY(check_authenticator(site, assertion.authenticator_data, kUserPresent | kUserVerified));
  const auto client_hash = crypto::sha256({assertion.client_data_json});
  const std::unique_ptr<fido_assert_t, AssertionFree> judged(fido_assert_new());
  fido_assert_t* given = judged.get();
  const bool read = fido_assert_set_count(given, 1) == FIDO_OK && fido_assert_set_rp(given, site.name.c_str()) == FIDO_OK &&
                    fido_assert_set_clientdata_hash(given, client_hash.data(), client_hash.size()) == FIDO_OK &&
                    fido_assert_set_authdata_raw(given, 0, assertion.authenticator_data.data(), assertion.authenticator_data.size()) == FIDO_OK &&
                    fido_assert_set_sig(given, 0, assertion.signature.data(), assertion.signature.size()) == FIDO_OK &&
                    fido_assert_set_up(given, FIDO_OPT_TRUE) == FIDO_OK && fido_assert_set_uv(given, FIDO_OPT_TRUE) == FIDO_OK;
  if (!read) return invalid("authenticator_data");
  int verified = FIDO_ERR_INVALID_SIG;
  if (stored.algorithm == kEs256) {
    const std::unique_ptr<es256_pk_t, Es256Free> key(es256_pk_new());
    if (es256_pk_from_ptr(key.get(), stored.public_key.data(), stored.public_key.size()) != FIDO_OK) return invalid("key");
    verified = fido_assert_verify(given, 0, kEs256, key.get());
  } else if (stored.algorithm == kEdDsa) {
    const std::unique_ptr<eddsa_pk_t, EdDsaFree> key(eddsa_pk_new());
    if (eddsa_pk_from_ptr(key.get(), stored.public_key.data(), stored.public_key.size()) != FIDO_OK) return invalid("key");
    verified = fido_assert_verify(given, 0, kEdDsa, key.get());
  }
  if (verified != FIDO_OK) return invalid("signature");
  const std::uint32_t count = fido_assert_sigcount(given, 0);
  if ((count != 0 || stored.sign_count != 0) && count <= stored.sign_count) return invalid("sign_count");
  return count;
}

}  // namespace lantaarn::server::access
