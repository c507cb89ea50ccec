#include "tools/programme/calendar.hpp"

#include <algorithm>
#include <iterator>

namespace lantaarn::programme {
namespace {

constexpr std::string_view kWeekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr int kMinutesADay = 24 * 60;

}  // namespace

// 1970-01-01 was a Thursday.
int weekday_of(int day) { return ((day + 3) % kDaysAWeek + kDaysAWeek) % kDaysAWeek; }

std::optional<int> weekday_named(std::string_view name) {
  const auto* found = std::find(std::begin(kWeekdays), std::end(kWeekdays), name);
  if (found == std::end(kWeekdays)) return std::nullopt;
  return static_cast<int>(found - std::begin(kWeekdays));
}

std::int64_t moment(int day, int minute) {
  const std::int64_t as_utc = (std::int64_t{day} * kMinutesADay + minute) * kMinuteMs;
  const std::int64_t near = as_utc - amsterdam_offset_minutes(as_utc) * kMinuteMs;
  return as_utc - amsterdam_offset_minutes(near) * kMinuteMs;
}

std::optional<int> minute_of(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : 100; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

}  // namespace lantaarn::programme
