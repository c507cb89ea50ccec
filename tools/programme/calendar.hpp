#pragma once
// Days of the week and times of the day in Amsterdam. Pure.

#include <cstdint>
#include <optional>
#include <string_view>

#include "common/base/civil_time.hpp"

namespace lantaarn::programme {

inline constexpr std::int64_t kMinuteMs = 60'000;
inline constexpr int kDaysAWeek = 7;

/// 0 is Monday, 6 Sunday.
[[nodiscard]] int weekday_of(int day);
/// "monday" … "sunday".
[[nodiscard]] std::optional<int> weekday_named(std::string_view name);
/// The instant at which the clock on the wall says so many minutes past midnight of that day; past 1440 the next day.
[[nodiscard]] std::int64_t moment(int day, int minute);
/// "20:15" as minutes.
[[nodiscard]] std::optional<int> minute_of(std::string_view text);

}  // namespace lantaarn::programme
