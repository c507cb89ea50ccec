#include "common/channel/address.hpp"

#include <charconv>

namespace lantaarn::channel {

std::string Address::to_text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Address> parse_address(std::string_view text) {
  const Error invalid = refused("address_invalid", {std::string(text)});
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return invalid;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find_first_of("[]:") != std::string_view::npos) {
    return invalid;
  }
  Address address{std::string(host), 0};
  const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (host.empty() || failure != std::errc{} || end != port.data() + port.size()) return invalid;
  return address;
}

}  // namespace lantaarn::channel
