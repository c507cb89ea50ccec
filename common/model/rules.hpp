#pragma once
// The programme's own arithmetic: pure functions, tested against the figures of its documents. Days are
// civil dates in Amsterdam, money whole cents, durations minutes.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/civil_time.hpp"
#include "common/model/fields.hpp"

namespace lantaarn::model {

// Time-out stays.
inline constexpr int kStayDaysMax = 14;        ///< a stay
inline constexpr int kStayWarnsOnDay = 12;
inline constexpr int kStaysAYear = 6;          ///< programme-wide: the cap warns, it never refuses
inline constexpr std::int64_t kTimeOutCentsADay = 139'27;  ///< until a dated tariff says otherwise

/// From which day on a day costs so much.
struct Tariff {
  int from_day = 0;   ///< days since 1970
  std::int64_t cents_a_day = 0;
};

/// Both ends count; 0 when reversed.
[[nodiscard]] int stay_days(const CivilDate& from, const CivilDate& through);
/// Every day at the tariff in force on it.
[[nodiscard]] std::int64_t stay_cents(const CivilDate& from, const CivilDate& through, const std::vector<Tariff>& tariffs);
enum class StayState { kFine, kEndsSoon, kTooLong };
[[nodiscard]] StayState stay_state(int days);

/// Out of sight: no conversation for so many days, by intensity; "" counts as the lightest.
[[nodiscard]] int out_of_sight_after_days(std::string_view intensity);
/// `last_spoken` nothing: never spoken with, counted from `since`.
[[nodiscard]] bool is_out_of_sight(std::string_view intensity, const std::optional<CivilDate>& last_spoken, const CivilDate& since,
                                   const CivilDate& today);

/// From announcement until it started, was declined or ended; else until today.
[[nodiscard]] int waiting_days(const CivilDate& from, const std::optional<CivilDate>& until, const CivilDate& today);

/// Hours of a row or a column: what is known, and how many cells are not. A stated nil is known.
struct MinutesTotal {
  std::int64_t minutes = 0;
  int unknown = 0;
  void add(const std::optional<std::int64_t>& cell);
  bool operator==(const MinutesTotal&) const = default;
};
/// "23.25" for 1,395 minutes: hours with two decimals, rounded half up; `point` by language.
[[nodiscard]] std::string hours_text(std::int64_t minutes, char point = '.');
/// "5849.34" for 584,934 cents.
[[nodiscard]] std::string euros_text(std::int64_t cents, char point = '.');

/// What is left of a year's grants; negative when overdrawn.
struct BudgetYear {
  std::int64_t granted_cents = 0;
  std::int64_t spent_cents = 0;
  [[nodiscard]] std::int64_t balance_cents() const { return granted_cents - spent_cents; }
};

/// An attention note ends by itself: at most kAttentionDaysMax after it began.
[[nodiscard]] CivilDate attention_ends(const CivilDate& from);

/// Before and after per domain, within one instrument version. Nothing where not assessed: never averaged, never 0.
struct ZrmChange {
  std::string domain;
  std::optional<int> first, last;
  bool operator==(const ZrmChange&) const = default;
};
/// First and last assessment as their values; empty when the instruments differ.
[[nodiscard]] std::vector<ZrmChange> zrm_changes(const FieldValues& first, const FieldValues& last);

/// Whether two conversations of equal or unknown length overlap in time (minutes 0: a moment).
[[nodiscard]] bool conversations_overlap(std::int64_t a_ms, std::uint32_t a_minutes, std::int64_t b_ms, std::uint32_t b_minutes);

}  // namespace lantaarn::model
