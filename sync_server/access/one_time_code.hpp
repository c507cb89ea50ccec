#pragma once
// Time-based one-time codes (RFC 6238: SHA-1, 30 seconds, six digits) as authenticator apps make them; liboath computes.

#include <optional>
#include <string>

#include "common/base/bytes.hpp"

namespace lantaarn::server::access {

inline constexpr std::int64_t kStepSeconds = 30;

[[nodiscard]] std::string code_at(ByteView secret, std::int64_t step);
/// The step whose code this is: of now, the one before or the one after (5.2), and later than `last_step`, because a code
/// serves once. Nothing when it is none. Constant-time in the code.
[[nodiscard]] std::optional<std::int64_t> step_of_code(ByteView secret, std::string_view code, std::int64_t now_ms, std::int64_t last_step);
/// For an app: "otpauth://totp/…", without a name of the person's work in it.
[[nodiscard]] std::string totp_uri(ByteView secret, std::string_view user);
/// The secret as people type it (base32).
[[nodiscard]] std::string totp_text(ByteView secret);

}  // namespace lantaarn::server::access
