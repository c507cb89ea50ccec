#include "firmware_app/capture/id_prefix.hpp"

#include <algorithm>

namespace lantaarn::firmware {
namespace {

constexpr std::size_t kCandidatesMax = 5;

}  // namespace

Result<std::string> event_prefix(std::string_view hex) {
  std::string prefix(hex);
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c; });
  if (prefix.size() < kEventPrefixDigitsMin || prefix.size() > 2 * kIdBytes ||
      prefix.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return refused("id_invalid");
  }
  return prefix;
}

Result<EventId> only_event(std::vector<std::string> fitting, const char* unknown, const char* ambiguous) {
  std::sort(fitting.begin(), fitting.end());
  fitting.erase(std::unique(fitting.begin(), fitting.end()), fitting.end());
  if (fitting.empty()) return refused(unknown);
  if (fitting.size() > 1) {
    std::string list = fitting[0];
    for (std::size_t i = 1; i < std::min(fitting.size(), kCandidatesMax); ++i) list += ", " + fitting[i];
    return refused(ambiguous, {list});
  }
  return EventId::parse_hex(fitting.front()).value_or(EventId{});
}

}  // namespace lantaarn::firmware
