#pragma once
// HOST:PORT as people write it.

#include <cstdint>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace lantaarn::channel {

/// A name or a numeric IPv4 or IPv6 address, and a TCP port (0 only makes sense for a listener).
struct Address {
  std::string host;
  std::uint16_t port = 0;
  /// "host:port", "[::1]:port".
  [[nodiscard]] std::string to_text() const;
};

/// Reads "host:port" or "[ipv6]:port". Errors: kRefused "address_invalid" ({0} the text).
[[nodiscard]] Result<Address> parse_address(std::string_view text);

}  // namespace lantaarn::channel
