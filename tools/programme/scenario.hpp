#pragma once
// A programme as its file describes it (tools/scenarios/half-year.json): who there is, and how often what happens.

#include <map>
#include <optional>
#include <set>

#include "common/base/result.hpp"
#include "common/model/fields.hpp"
#include "tools/programme/chance.hpp"

namespace lantaarn::programme {

using Range = std::pair<int, int>;  ///< both ends count

struct WrongClock {
  int from = 0;        ///< the day it starts with this clock, in the morning
  int days = 0;        ///< set right after the first sync from then on
  std::string says;    ///< the date it believes in then
};

struct Handheld {
  std::string key, name;
  std::vector<std::string> users;
  std::optional<WrongClock> wrong_clock;
  std::optional<Range> away;  ///< days without a sync; it is used meanwhile
};

struct Woman {
  std::string alias, intensity, primary, second;
};

/// One section of the file: numbers, ranges and choices under their names.
struct Section {
  std::map<std::string, double, std::less<>> numbers;
  std::map<std::string, Range, std::less<>> ranges;
  std::map<std::string, Choice, std::less<>> choices;
  std::map<std::string, Choice, std::less<>> fields;   ///< of a record kind
  std::vector<model::FieldValues> list;                ///< records one by one
  std::map<std::string, std::map<std::string, double>> table;

  [[nodiscard]] double number(std::string_view name, double otherwise = 0) const;
  [[nodiscard]] Range range(std::string_view name, Range otherwise) const;
  /// nullptr when it is not there.
  [[nodiscard]] const Choice* choice(std::string_view name) const;
};

struct Scenario {
  std::uint64_t seed = 1;
  int from = 0, through = 0;                          ///< days since 1970
  std::map<std::string, std::string> roles;           ///< of the staff, by name
  std::vector<std::string> staff;                     ///< in the file's order
  std::vector<Handheld> handhelds;
  std::vector<Woman> women;
  std::set<int> holidays;
  int sync_weekday = 0, sync_minute = 0;
  std::set<int> round_weekdays;
  int round_minute = 0;
  std::map<int, double> season;                       ///< by month
  std::map<int, double> weekday;                      ///< by day of the week
  Section rounds, daytime, contacts, changes;
  std::map<std::string, Section, std::less<>> records;  ///< by kind
  std::string show;                                   ///< whose record is shown in the end

  /// The first with that role; "" when there is none.
  [[nodiscard]] std::string person(std::string_view role) const;
  /// nullptr for who carries none.
  [[nodiscard]] const Handheld* handheld_of(std::string_view user) const;
  [[nodiscard]] const Section& records_of(std::string_view kind) const;
  [[nodiscard]] double factor(int day) const;         ///< season × day of the week
  [[nodiscard]] bool is_workday(int day) const;
};

/// kRefused "scenario_wrong" with one English line: where, and what was expected.
[[nodiscard]] Result<Scenario> read_scenario(std::string_view text);

}  // namespace lantaarn::programme
