#pragma once
// Instants are UTC (RFC 3339); dates are civil dates in Europe/Amsterdam. Pure functions: no tzdata, no locale.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lantaarn {

/// A civil date; valid only when made by parse_date or date_in_amsterdam.
struct CivilDate {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  auto operator<=>(const CivilDate&) const = default;
};

/// "2026-11-22T19:30:00.000Z".
[[nodiscard]] std::string to_rfc3339(std::int64_t wall_ms);
/// RFC 3339 section 5.6 with `Z` or a numeric offset, optional fraction. Nothing when malformed or not a real date.
[[nodiscard]] std::optional<std::int64_t> parse_rfc3339(std::string_view text);

/// "2026-11-22".
[[nodiscard]] std::string to_string(const CivilDate& date);
[[nodiscard]] std::optional<CivilDate> parse_date(std::string_view text);
[[nodiscard]] CivilDate add_days(const CivilDate& date, int days);
/// Days since 1970-01-01, for storage and comparison.
[[nodiscard]] int to_day_number(const CivilDate& date);
[[nodiscard]] CivilDate from_day_number(int days);

/// Offset of Amsterdam from UTC at an instant, in minutes: EU summer time runs from the last Sunday of March
/// 01:00 UTC to the last Sunday of October 01:00 UTC (Directive 2000/84/EC).
[[nodiscard]] int amsterdam_offset_minutes(std::int64_t wall_ms);
[[nodiscard]] CivilDate date_in_amsterdam(std::int64_t wall_ms);
/// "22-11-2026 20:30", for people.
[[nodiscard]] std::string to_amsterdam_text(std::int64_t wall_ms);

}  // namespace lantaarn
