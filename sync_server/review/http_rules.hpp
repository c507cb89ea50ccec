#pragma once
// What the web process decides about a request before anybody is asked, and how an answer looks on the wire. Plain
// functions over texts; the only HTTP library is in web_process.cpp.

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace lantaarn::server::review {

inline constexpr std::size_t kHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kBodyBytesMax = 1024 * 1024;
inline constexpr std::size_t kConnectionsMax = 2000;
inline constexpr std::size_t kAsksOpenMax = 512;       ///< beyond: 503, try again
inline constexpr int kHandshakeSeconds = 10;
inline constexpr int kHeaderSeconds = 10;              ///< from its first byte
inline constexpr int kBodySeconds = 30;
inline constexpr int kIdleSeconds = 75;
inline constexpr int kWriteSeconds = 30;
inline constexpr int kAnswerSeconds = 120;             ///< a command may wait for a second copy

struct Target {
  std::string path;
  std::map<std::string, std::string, std::less<>> query;
};
/// "/api/v1/clients?query=a%20b". Nothing when it is not a path, or not percent-encoded UTF-8, or holds a zero.
[[nodiscard]] std::optional<Target> read_target(std::string_view target);

/// A cookie's value by name; "" when there is none.
[[nodiscard]] std::string cookie_in(std::string_view header, std::string_view name);
/// `__Host-` (RFC 6265bis section 4.1.3) where the connection is secure.
[[nodiscard]] std::string_view cookie_name(bool secure);
[[nodiscard]] std::string cookie_line(bool secure, std::string_view value);
[[nodiscard]] std::string cookie_gone_line(bool secure);

/// "https://name:8443", without the port where it is the scheme's own.
[[nodiscard]] std::string origin_of(bool secure, std::string_view name, unsigned port);
/// "name:8443" of it: what Host has to be.
[[nodiscard]] std::string authority_of(std::string_view origin);
/// 127.0.0.0/8, ::1, or "localhost".
[[nodiscard]] bool is_loopback(std::string_view host);

/// Lines that every answer has: CSP, no sniffing, no framing, no referrer, HSTS where it is secure.
[[nodiscard]] std::string security_lines(bool secure);

}  // namespace lantaarn::server::review
