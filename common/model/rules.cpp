#include "common/model/rules.hpp"

#include <algorithm>

#include "common/model/limits.hpp"
#include "common/model/record_kinds.hpp"

namespace lantaarn::model {
namespace {

std::int64_t cents_on(int day, const std::vector<Tariff>& tariffs) {
  const Tariff* in_force = nullptr;
  for (const Tariff& tariff : tariffs) {
    if (tariff.from_day <= day && (in_force == nullptr || tariff.from_day >= in_force->from_day)) in_force = &tariff;
  }
  return in_force == nullptr ? kTimeOutCentsADay : in_force->cents_a_day;
}

std::optional<int> score_in(const FieldValues& values, std::string_view domain) {
  const auto found = values.find(domain);
  if (found == values.end() || found->second.size() != 1 || found->second[0] < '1' || found->second[0] > '5') return std::nullopt;
  return found->second[0] - '0';
}

std::string with_decimals(std::int64_t hundredths, char point) {
  const bool negative = hundredths < 0;
  const std::int64_t size = negative ? -hundredths : hundredths;
  std::string text = std::to_string(size / 100) + point;
  if (size % 100 < 10) text += '0';
  return (negative ? "-" : "") + text + std::to_string(size % 100);
}

}  // namespace

int stay_days(const CivilDate& from, const CivilDate& through) {
  return std::max(0, to_day_number(through) - to_day_number(from) + 1);
}

std::int64_t stay_cents(const CivilDate& from, const CivilDate& through, const std::vector<Tariff>& tariffs) {
  std::int64_t cents = 0;
  for (int day = to_day_number(from); day <= to_day_number(through); ++day) cents += cents_on(day, tariffs);
  return cents;
}

StayState stay_state(int days) {
  if (days > kStayDaysMax) return StayState::kTooLong;
  return days >= kStayWarnsOnDay ? StayState::kEndsSoon : StayState::kFine;
}

int out_of_sight_after_days(std::string_view intensity) {
  if (intensity == "intensive") return 7;
  if (intensity == "light_supplementary") return 21;
  return 42;
}

bool is_out_of_sight(std::string_view intensity, const std::optional<CivilDate>& last_spoken, const CivilDate& since,
                     const CivilDate& today) {
  return to_day_number(today) - to_day_number(last_spoken.value_or(since)) > out_of_sight_after_days(intensity);
}

int waiting_days(const CivilDate& from, const std::optional<CivilDate>& until, const CivilDate& today) {
  return std::max(0, to_day_number(until.value_or(today)) - to_day_number(from));
}

void MinutesTotal::add(const std::optional<std::int64_t>& cell) {
  if (cell) {
    minutes += *cell;
  } else {
    ++unknown;
  }
}

std::string hours_text(std::int64_t minutes, char point) { return with_decimals((minutes * 100 + 30) / 60, point); }

std::string euros_text(std::int64_t cents, char point) { return with_decimals(cents, point); }

CivilDate attention_ends(const CivilDate& from) { return add_days(from, kAttentionDaysMax); }

std::vector<ZrmChange> zrm_changes(const FieldValues& first, const FieldValues& last) {
  const auto instrument = first.find("instrument");
  const auto other = last.find("instrument");
  if (instrument == first.end() || other == last.end() || instrument->second != other->second) return {};
  std::vector<ZrmChange> changes;
  for (const std::string_view domain : zrm_domains(instrument->second)) {
    changes.push_back({std::string(domain), score_in(first, domain), score_in(last, domain)});
  }
  return changes;
}

bool conversations_overlap(std::int64_t a_ms, std::uint32_t a_minutes, std::int64_t b_ms, std::uint32_t b_minutes) {
  constexpr std::int64_t kMinuteMs = 60'000;
  const std::int64_t a_end = a_ms + std::max<std::int64_t>(a_minutes, 1) * kMinuteMs;
  const std::int64_t b_end = b_ms + std::max<std::int64_t>(b_minutes, 1) * kMinuteMs;
  return a_ms < b_end && b_ms < a_end;
}

}  // namespace lantaarn::model
