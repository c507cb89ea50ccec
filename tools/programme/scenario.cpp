#include "tools/programme/scenario.hpp"

#include <algorithm>

#include "tools/programme/calendar.hpp"

namespace lantaarn::programme {

double Section::number(std::string_view name, double otherwise) const {
  const auto found = numbers.find(name);
  return found == numbers.end() ? otherwise : found->second;
}

Range Section::range(std::string_view name, Range otherwise) const {
  const auto found = ranges.find(name);
  return found == ranges.end() ? otherwise : found->second;
}

const Choice* Section::choice(std::string_view name) const {
  const auto found = choices.find(name);
  return found == choices.end() ? nullptr : &found->second;
}

std::string Scenario::person(std::string_view role) const {
  const auto found = std::find_if(staff.begin(), staff.end(), [&](const std::string& name) { return roles.at(name) == role; });
  return found == staff.end() ? std::string() : *found;
}

const Handheld* Scenario::handheld_of(std::string_view user) const {
  for (const Handheld& handheld : handhelds) {
    if (std::find(handheld.users.begin(), handheld.users.end(), user) != handheld.users.end()) return &handheld;
  }
  return nullptr;
}

const Section& Scenario::records_of(std::string_view kind) const {
  static const Section kNone;
  const auto found = records.find(kind);
  return found == records.end() ? kNone : found->second;
}

double Scenario::factor(int day) const {
  const auto month = season.find(static_cast<int>(from_day_number(day).month));
  const auto of_week = weekday.find(weekday_of(day));
  return (month == season.end() ? 1 : month->second) * (of_week == weekday.end() ? 1 : of_week->second);
}

bool Scenario::is_workday(int day) const { return weekday_of(day) < 5 && holidays.count(day) == 0; }

}  // namespace lantaarn::programme
