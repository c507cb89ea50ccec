#include <catch2/catch.hpp>

#include "common/crypto/secret.hpp"
#include "sync_server/access/one_time_code.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {
const Bytes kSecret = to_bytes(as_bytes("12345678901234567890"));  // RFC 6238 appendix B
}

TEST_CASE("one-time codes are those of RFC 6238", "[access][totp]") {
  // Appendix B, SHA1: the last six of its eight digits.
  CHECK(code_at(kSecret, 59 / 30) == "287082");
  CHECK(code_at(kSecret, 1111111109 / 30) == "081804");
  CHECK(code_at(kSecret, 1234567890 / 30) == "005924");
  CHECK(code_at(kSecret, 20000000000 / 30) == "353130");
}

TEST_CASE("a code serves once, and one step early or late", "[access][totp]") {
  const std::int64_t now_ms = 1234567890LL * 1000;
  const std::int64_t now = now_ms / 1000 / kStepSeconds;
  CHECK(step_of_code(kSecret, code_at(kSecret, now), now_ms, 0) == now);
  CHECK(step_of_code(kSecret, code_at(kSecret, now - 1), now_ms, 0) == now - 1);
  CHECK(step_of_code(kSecret, code_at(kSecret, now + 1), now_ms, 0) == now + 1);
  CHECK_FALSE(step_of_code(kSecret, code_at(kSecret, now - 2), now_ms, 0));
  CHECK_FALSE(step_of_code(kSecret, code_at(kSecret, now + 2), now_ms, 0));
  CHECK_FALSE(step_of_code(kSecret, code_at(kSecret, now), now_ms, now));
  CHECK_FALSE(step_of_code(kSecret, "", now_ms, 0));
  CHECK_FALSE(step_of_code(kSecret, "28708", now_ms, 0));
}

TEST_CASE("an authenticator app is given a link without spaces or colons of the name", "[access][totp]") {
  CHECK(totp_text(kSecret) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  CHECK(totp_uri(kSecret, "A: é") == "otpauth://totp/Lantaarn:A%3A%20%C3%A9?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lantaarn");
}
