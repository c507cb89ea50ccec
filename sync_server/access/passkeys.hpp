#pragma once
// Passkeys: W3C Web Authentication Level 2, sections 7.1 (registration) and 7.2 (assertion), attestation "none". The
// cryptography and the reading of authenticator data are libfido2's. Plain decisions, no I/O.

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::server::access {

inline constexpr int kEs256 = -7, kEdDsa = -8;  // COSE algorithms (RFC 9053)

/// Where the page is, as browsers name it.
struct Site {
  std::string name;    ///< the relying party's id: a DNS name
  std::string origin;  ///< "https://lantaarn.example:8443"
};

struct NewPasskey {
  Bytes id;
  int algorithm = 0;
  Bytes public_key;
  std::uint32_t sign_count = 0;
};

/// kRefused "passkey_invalid" {what did not hold}: type, challenge, origin, site, user verification, key.
[[nodiscard]] Result<NewPasskey> check_registration(const Site& site, ByteView challenge, ByteView client_data_json,
                                                    ByteView authenticator_data);

struct StoredPasskey {
  int algorithm = 0;
  Bytes public_key;
  std::uint32_t sign_count = 0;
};
struct Assertion {
  Bytes client_data_json, authenticator_data, signature;
};
/// The new sign count. kRefused "passkey_invalid" as above, also for a count that did not grow (7.2 step 21: a copy).
[[nodiscard]] Result<std::uint32_t> check_assertion(const Site& site, ByteView challenge, const Assertion& assertion,
                                                    const StoredPasskey& stored);

}  // namespace lantaarn::server::access
