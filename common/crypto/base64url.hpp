#pragma once
// Base64url without padding (RFC 4648 section 5), in constant time: challenges, tokens and what WebAuthn sends.

#include <optional>
#include <string>
#include <string_view>

#include "common/base/bytes.hpp"

namespace lantaarn::crypto {

[[nodiscard]] std::string to_base64url(ByteView bytes);
/// Nothing unless the whole text is base64url without padding.
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace lantaarn::crypto
