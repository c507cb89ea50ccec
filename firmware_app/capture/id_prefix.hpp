#pragma once
// From the beginning of an id to the one thing it can only mean. Pure.

#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/base/result.hpp"

namespace lantaarn::firmware {

inline constexpr std::size_t kEventPrefixDigitsMin = 6;

/// What was typed, in lowercase digits. kRefused "id_invalid": not hex, too short or too long.
[[nodiscard]] Result<std::string> event_prefix(std::string_view hex);

/// `fitting`: ids in hex that begin so; the same one twice is one. kRefused `unknown`, `ambiguous` {candidates}.
[[nodiscard]] Result<EventId> only_event(std::vector<std::string> fitting, const char* unknown, const char* ambiguous);

}  // namespace lantaarn::firmware
