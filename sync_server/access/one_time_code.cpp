#include "sync_server/access/one_time_code.hpp"

#include <liboath/oath.h>

#include <cstdlib>

#include "common/crypto/secret.hpp"

namespace lantaarn::server::access {
namespace {

constexpr unsigned kDigits = 6;

// In a link only letters, digits and what RFC 3986 leaves unreserved.
std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '-' || byte == '_';
    if (plain) {
      encoded += letter;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

}  // namespace

std::string code_at(ByteView secret, std::int64_t step) {
  char code[kDigits + 1] = {};
  const std::string_view text = as_text(secret);
  const int made = oath_hotp_generate(text.data(), text.size(), static_cast<std::uint64_t>(step), kDigits, false, OATH_HOTP_DYNAMIC_TRUNCATION, code);
  return made == OATH_OK ? std::string(code) : std::string();
}

std::optional<std::int64_t> step_of_code(ByteView secret, std::string_view code, std::int64_t now_ms, std::int64_t last_step) {
  const std::int64_t now = now_ms / 1000 / kStepSeconds;
  std::optional<std::int64_t> found;
  for (const std::int64_t step : {now, now - 1, now + 1}) {
    const std::string expected = code_at(secret, step);
    const bool same = !expected.empty() && crypto::equal(as_bytes(expected), as_bytes(code));
    if (same && step > last_step && !found) found = step;
  }
  return found;
}

std::string totp_text(ByteView secret) {
  char* text = nullptr;
  std::size_t size = 0;
  const std::string_view bytes = as_text(secret);
  if (oath_base32_encode(bytes.data(), bytes.size(), &text, &size) != OATH_OK) return {};
  std::string encoded(text, size);
  std::free(text);
  return encoded;
}

std::string totp_uri(ByteView secret, std::string_view user) {
  return "otpauth://totp/Lantaarn:" + percent_encoded(user) + "?secret=" + totp_text(secret) + "&issuer=Lantaarn";
}

}  // namespace lantaarn::server::access
