#include "common/base/civil_time.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace lantaarn {
namespace {

namespace chr = std::chrono;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kMinuteMs = 60'000;

// The years 0001 to 9999: what a broken clock says beyond them cannot be written as RFC 3339.
std::int64_t within_calendar(std::int64_t wall_ms) {
  return std::clamp<std::int64_t>(wall_ms, -62'135'596'800'000, 253'402'300'799'999);
}

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

std::optional<unsigned> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  unsigned value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return value;
}

std::optional<int> offset_minutes(std::string_view zone) {
  if (zone == "Z" || zone == "z") return 0;
  if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
  const auto hours = digits(zone, 1, 2);
  const auto minutes = digits(zone, 4, 2);
  if (!hours || !minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  const int total = static_cast<int>(*hours * 60 + *minutes);
  return zone[0] == '-' ? -total : total;
}

std::int64_t last_sunday_0100_utc(int year, unsigned month) {
  const chr::sys_days day = chr::year{year} / chr::month{month} / chr::Sunday[chr::last];
  return static_cast<std::int64_t>(day.time_since_epoch().count()) * kDayMs + 60 * kMinuteMs;
}

}  // namespace

int to_day_number(const CivilDate& date) {
  const chr::sys_days days = chr::year{date.year} / chr::month{date.month} / chr::day{date.day};
  return static_cast<int>(days.time_since_epoch().count());
}

CivilDate from_day_number(int days) {
  const chr::year_month_day ymd{chr::sys_days{chr::days{days}}};
  return {static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day())};
}

CivilDate add_days(const CivilDate& date, int days) { return from_day_number(to_day_number(date) + days); }

std::string to_string(const CivilDate& date) {
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", date.year, date.month, date.day);
  return text;
}

std::optional<CivilDate> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const chr::year_month_day ymd = chr::year{static_cast<int>(*year)} / chr::month{*month} / chr::day{*day};
  if (!ymd.ok()) return std::nullopt;
  return CivilDate{static_cast<int>(*year), *month, *day};
}

std::string to_rfc3339(std::int64_t wall_ms) {
  wall_ms = within_calendar(wall_ms);
  const std::int64_t day = floor_div(wall_ms, kDayMs);
  const std::int64_t rest = wall_ms - day * kDayMs;
  char text[64];
  std::snprintf(text, sizeof text, "%sT%02d:%02d:%02d.%03dZ", to_string(from_day_number(static_cast<int>(day))).c_str(),
                static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return text;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
  if (text.size() < 20 || (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  std::size_t at = 19;
  unsigned fraction_ms = 0;
  if (text[at] == '.') {
    unsigned scale = 100;
    const std::size_t first = ++at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) {
      fraction_ms += static_cast<unsigned>(text[at] - '0') * scale;
    }
    if (at == first) return std::nullopt;
  }
  const auto offset = offset_minutes(text.substr(at));
  if (!offset) return std::nullopt;
  const std::int64_t seconds = *hour * 3600 + *minute * 60 + *second;
  return to_day_number(*date) * kDayMs + seconds * 1000 + fraction_ms - *offset * kMinuteMs;
}

int amsterdam_offset_minutes(std::int64_t wall_ms) {
  wall_ms = within_calendar(wall_ms);
  const int year = from_day_number(static_cast<int>(floor_div(wall_ms, kDayMs))).year;
  const bool summer = wall_ms >= last_sunday_0100_utc(year, 3) && wall_ms < last_sunday_0100_utc(year, 10);
  return summer ? 120 : 60;
}

CivilDate date_in_amsterdam(std::int64_t wall_ms) {
  wall_ms = within_calendar(wall_ms);
  return from_day_number(static_cast<int>(floor_div(wall_ms + amsterdam_offset_minutes(wall_ms) * kMinuteMs, kDayMs)));
}

std::string to_amsterdam_text(std::int64_t wall_ms) {
  wall_ms = within_calendar(wall_ms);
  const std::int64_t local = wall_ms + amsterdam_offset_minutes(wall_ms) * kMinuteMs;
  const CivilDate date = from_day_number(static_cast<int>(floor_div(local, kDayMs)));
  const std::int64_t rest = local - to_day_number(date) * kDayMs;
  char text[48];
  std::snprintf(text, sizeof text, "%02u-%02u-%04d %02d:%02d", date.day, date.month, date.year,
                static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60));
  return text;
}

}  // namespace lantaarn
