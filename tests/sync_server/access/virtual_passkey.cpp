#include "tests/sync_server/access/virtual_passkey.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"

namespace lantaarn::server::access {
namespace {

Bytes client_data(std::string_view type, const Site& site, ByteView challenge) {
  const std::string text = std::string(R"({"type":")") + std::string(type) + R"(","challenge":")" + crypto::to_base64url(challenge) +
                           R"(","origin":")" + site.origin + R"(","crossOrigin":false})";
  return to_bytes(as_bytes(text));
}

Bytes head(const std::string& site_name, std::uint8_t flags, std::uint32_t count) {
  Bytes data = to_bytes(crypto::sha256({as_bytes(site_name)}));
  data.push_back(flags);
  for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<std::uint8_t>(count >> shift));
  return data;
}

}  // namespace

struct VirtualPasskey::Key {
  EVP_PKEY* key;
  explicit Key(int algorithm) : key(algorithm == kEdDsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-256")) {}
  ~Key() { EVP_PKEY_free(key); }
  [[nodiscard]] Bytes coordinate(const char* name) const {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    Bytes bytes(32);
    BN_bn2binpad(number, bytes.data(), 32);
    BN_free(number);
    return bytes;
  }
};

VirtualPasskey::VirtualPasskey(std::string site_name, int algorithm)
    : key_(std::make_unique<Key>(algorithm)), site_name_(std::move(site_name)), algorithm_(algorithm) {}
VirtualPasskey::~VirtualPasskey() = default;

VirtualPasskey::Made VirtualPasskey::create(const Site& site, ByteView challenge, std::uint8_t flags) const {
  Bytes data = head(site_name_, flags, count);
  data.insert(data.end(), 16, 0);  // AAGUID
  data.push_back(0);
  data.push_back(static_cast<std::uint8_t>(id.size()));
  append(data, id);
  if (algorithm_ == kEdDsa) {
    // COSE_Key {1: 1, 3: -8, -1: 6, -2: x} (RFC 9053)
    append(data, Bytes{0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20});
    Bytes key(32);
    std::size_t size = key.size();
    EVP_PKEY_get_raw_public_key(key_->key, key.data(), &size);
    append(data, key);
    return {client_data("webauthn.create", site, challenge), std::move(data)};
  }
  // COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y} (RFC 9053)
  append(data, Bytes{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20});
  append(data, key_->coordinate(OSSL_PKEY_PARAM_EC_PUB_X));
  append(data, Bytes{0x22, 0x58, 0x20});
  append(data, key_->coordinate(OSSL_PKEY_PARAM_EC_PUB_Y));
  return {client_data("webauthn.create", site, challenge), std::move(data)};
}

Assertion VirtualPasskey::use(const Site& site, ByteView challenge, std::uint8_t flags) {
  Assertion assertion;
  assertion.client_data_json = client_data("webauthn.get", site, challenge);
  assertion.authenticator_data = head(site_name_, flags, ++count);
  Bytes message = assertion.authenticator_data;
  append(message, crypto::sha256({assertion.client_data_json}));
  EVP_MD_CTX* signing = EVP_MD_CTX_new();
  std::size_t size = 0;
  EVP_DigestSignInit(signing, nullptr, algorithm_ == kEdDsa ? nullptr : EVP_sha256(), nullptr, key_->key);
  EVP_DigestSign(signing, nullptr, &size, message.data(), message.size());
  assertion.signature.resize(size);
  EVP_DigestSign(signing, assertion.signature.data(), &size, message.data(), message.size());
  assertion.signature.resize(size);
  EVP_MD_CTX_free(signing);
  return assertion;
}

}  // namespace lantaarn::server::access
