// The programme's own books: visits, hours, money, risks, planning, bottlenecks; and the assessments, which the
// coordinator writes down.
#include <algorithm>

#include "common/model/record_kinds.hpp"
#include "tools/programme/script.hpp"

namespace lantaarn::programme {
namespace {

constexpr int kMorning = 9 * 60 + 45, kAfternoon = 14 * 60, kVisitsMinute = 22 * 60 + 55;
constexpr int kQuarterDays = 91;

std::string date_of(int day) { return to_string(from_day_number(day)); }

Fact record_at_office(Script& script, int day, int minute, std::string_view kind, const std::string& by, Chance& chance, model::FieldValues fields) {
  Fact& fact = script.add_record(day, minute, kind, by, true, chance);
  for (auto& [field, value] : fields) fact.fields[field] = value;
  return fact;
}

void write_visits(Script& script) {
  const Scenario& scenario = script.scenario;
  const Section& section = scenario.records_of("visit_count");
  const Choice* weekdays = section.choice("weekdays");
  const Choice* by = section.choice("by");
  Chance chance(scenario.seed, "visit_count");
  for (int day = scenario.from; weekdays != nullptr && by != nullptr && day < scenario.through; ++day) {
    const bool is_open = std::any_of(weekdays->begin(), weekdays->end(), [&](const auto& item) { return weekday_named(item.first) == weekday_of(day); });
    if (!is_open || scenario.holidays.count(day) != 0) continue;
    const int visits = chance.times(section.number("visits") * scenario.factor(day));
    Fact& fact = script.add(day, kVisitsMinute, Do::kRecord, by->front().first);
    fact.kind = "visit_count";
    fact.label = script.new_label();
    fact.fields = {{"date", date_of(day)}, {"visits", std::to_string(visits)}};
  }
}

int first_of_next_month(int day) {
  CivilDate date = from_day_number(day);
  date.day = 1;
  return to_day_number(date.month == 12 ? CivilDate{date.year + 1, 1, 1} : CivilDate{date.year, date.month + 1, 1});
}

// A cell that nobody can tell any more is left blank, a nil is stated: they are not the same.
void write_hours(Script& script) {
  const Scenario& scenario = script.scenario;
  const Section& section = scenario.records_of("hours");
  const std::string lead = scenario.person("project_lead");
  Chance chance(scenario.seed, "hours");
  bool first_month = true;
  for (int from = scenario.from; from <= scenario.through; from = first_of_next_month(from)) {
    const int through = std::min(first_of_next_month(from) - 1, scenario.through);
    const int written = script.workday_from(std::min(through + 1, scenario.through));
    int cell = 0;
    for (const auto& [activity, roles] : section.table) {
      for (const auto& [role, minutes] : roles) {
        static_cast<void>(record_at_office(script, written, kMorning + cell, "hours", lead, chance,
                                     {{"from", date_of(from)}, {"through", date_of(through)}, {"activity", activity}, {"role", role}}));
        const bool is_unknown = first_month && cell == 0, is_nil = first_month && cell == 1;
        const int spent = 15 * static_cast<int>(minutes / 15 * (0.8 + 0.4 * chance.share()) + 0.5);
        if (!is_unknown) script.facts.back().fields["minutes"] = std::to_string(is_nil ? 0 : spent);
        ++cell;
      }
    }
    first_month = false;
  }
}

void write_money(Script& script) {
  const Scenario& scenario = script.scenario;
  const std::string lead = scenario.person("project_lead");
  Chance chance(scenario.seed, "money");
  for (const char* kind : {"tariff", "budget_grant"}) {
    const auto cents = static_cast<int>(scenario.records_of(kind).number("cents"));
    if (cents > 0) static_cast<void>(record_at_office(script, scenario.from, kMorning - 30, kind, lead, chance, {{"from", date_of(scenario.from)}, {"cents", std::to_string(cents)}}));
  }
}

void write_risks(Script& script) {
  const Scenario& scenario = script.scenario;
  const Section& section = scenario.records_of("risk");
  const Choice* trends = section.choice("trends");
  Chance chance(scenario.seed, "risk");
  for (const model::FieldValues& listed : section.list) {
    model::FieldValues fields = listed;
    fields["date"] = date_of(scenario.from);
    fields["trend"] = "same";
    const Fact fact = record_at_office(script, scenario.from, kMorning, "risk", scenario.person("project_lead"), chance, fields);
    for (int day = scenario.from + kQuarterDays; trends != nullptr && script.has(day); day += kQuarterDays) {
      const std::string& trend = chance.of(*trends);
      if (trend != "same") script.change_record(fact, script.workday_from(day), kAfternoon, "doorgenomen per kwartaal", {{"trend", trend}});
    }
  }
}

// Known from the start; ticked off when its day has come.
void write_planning(Script& script) {
  const Scenario& scenario = script.scenario;
  Chance chance(scenario.seed, "planning_step");
  for (const model::FieldValues& fields : scenario.records_of("planning_step").list) {
    const Fact fact = record_at_office(script, scenario.from, kMorning + 20, "planning_step", scenario.person("project_lead"), chance, fields);
    const auto date = parse_date(fields.count("date") != 0 ? fields.at("date") : "");
    const int day = date ? to_day_number(*date) : scenario.through + 1;
    if (day > scenario.from) script.change_record(fact, day, kAfternoon + 10, "gedaan", {{"done", "yes"}});
  }
}

void write_bottlenecks(Script& script) {
  const Scenario& scenario = script.scenario;
  const Section& section = scenario.records_of("bottleneck");
  const Range days = section.range("days", {14, 60});
  const Choice* answers = section.choice("answer");
  Chance chance(scenario.seed, "bottleneck");
  for (int month = scenario.from; month <= scenario.through; month = first_of_next_month(month)) {
    for (int left = chance.times(section.number("a_month")); left > 0; --left) {
      const int day = script.workday_from(month + chance.between(0, 25));
      const Fact fact = record_at_office(script, day, kAfternoon, "bottleneck", scenario.person("coordinator"), chance, {{"since", date_of(day)}});
      const int until = script.workday_from(day + chance.between(days.first, days.second));
      if (!chance.with(section.number("solved")) || until >= scenario.through || answers == nullptr) continue;
      script.change_record(fact, until, kAfternoon, "antwoord gekregen", {{"until", date_of(until)}, {"answer", chance.of(*answers)}});
    }
  }
}

// The same women at the start and at the end; what was not assessed stays open, it is no score.
void write_assessments(Script& script) {
  const Scenario& scenario = script.scenario;
  const Section& section = scenario.records_of("zrm_assessment");
  const auto women = static_cast<int>(section.number("women"));
  const Choice* levels = section.choice("levels");
  Chance chance(scenario.seed, "zrm_assessment");
  int assessed = 0;
  for (const Life& life : script.lives) {
    if (levels == nullptr || assessed == women || life.woman.intensity != "intensive" || life.closed != INT_MAX) continue;
    ++assessed;
    const int first = script.workday_from(scenario.from + 5 + chance.between(0, 15)), last = script.workday_from(scenario.through - 4 - chance.between(0, 15));
    Fact begin = record_at_office(script, first, kAfternoon, "zrm_assessment", scenario.person("coordinator"), chance, {{"date", date_of(first)}});
    begin.woman = life.woman.alias;
    Fact end = begin;
    for (const std::string_view domain : model::zrm_domains(begin.fields["instrument"])) {
      if (chance.with(section.number("not_assessed"))) continue;
      const int level = std::stoi(chance.of(*levels));
      const int change = chance.with(section.number("better")) ? 1 : chance.with(section.number("worse")) ? -1 : 0;
      begin.fields[std::string(domain)] = std::to_string(level);
      end.fields[std::string(domain)] = std::to_string(std::clamp(level + change, 1, 5));
    }
    end.at_ms = moment(last, kAfternoon);
    end.fields["date"] = date_of(last);
    end.label = script.new_label();
    script.facts.back() = std::move(begin);
    if (last > first) script.facts.push_back(std::move(end));
  }
}

}  // namespace

void write_accounts(Script& script) {
  write_money(script);
  write_visits(script);
  write_hours(script);
  write_risks(script);
  write_planning(script);
  write_bottlenecks(script);
  write_assessments(script);
}

}  // namespace lantaarn::programme
