#include <algorithm>
#include <boost/json.hpp>
#include <stdexcept>

#include "common/model/codes.hpp"
#include "common/model/record_kinds.hpp"
#include "tools/programme/calendar.hpp"
#include "tools/programme/scenario.hpp"

namespace lantaarn::programme {
namespace {

namespace json = boost::json;

constexpr int kDaysMax = 3 * 366;
constexpr int kRoundMinutesMin = 30, kRoundMinutesMax = 6 * 60;

// Every name that a section may hold: a slip of the pen must not count as nothing.
constexpr std::string_view kNames[] = {
    "a_month", "a_month_intensive", "a_month_light_consultative", "a_month_light_supplementary", "a_month_none", "answer", "answered", "at", "better",
    "by", "cap", "cents", "closed_reason", "closings", "completed", "contacts", "contested", "corrected", "days", "declined", "follow_up",
    "follow_up_done", "handovers", "heads", "how", "intensity_changes", "levels", "minutes", "new_names", "not_assessed", "note", "outcome",
    "outcome_without_intensity", "place", "reached", "retracted", "safe_contact", "safe_contact_is", "second_names", "share", "solved", "step_done",
    "steps", "stopped", "topic", "trends", "unknown", "unknown_share", "visits", "waiting_days", "weekdays", "with_follow_up", "with_indirect",
    "with_note", "with_topics", "withdrawn", "women", "worse"};

// Thrown and caught in this file only.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void check(bool holds, const std::string& problem) {
  if (!holds) throw Wrong(problem);
}

/// A value with the place where it stands, so that every complaint names it.
struct Node {
  const json::value& value;
  std::string where;

  [[nodiscard]] const json::object& object() const {
    check(value.is_object(), where + ": { ... } expected");
    return value.get_object();
  }
  [[nodiscard]] bool has(std::string_view key) const { return object().contains(key); }
  [[nodiscard]] Node at(std::string_view key) const {
    const json::value* found = object().if_contains(key);
    check(found != nullptr, where + ": '" + std::string(key) + "' is missing");
    return {*found, where + ": " + std::string(key)};
  }
  /// Its members, without those that begin with _ (comments).
  [[nodiscard]] std::vector<std::pair<std::string, Node>> members() const {
    std::vector<std::pair<std::string, Node>> all;
    for (const auto& [key, inner] : object()) {
      if (!key.starts_with('_')) all.emplace_back(std::string(key), Node{inner, where + ": " + std::string(key)});
    }
    return all;
  }
  [[nodiscard]] std::vector<Node> items() const {
    check(value.is_array(), where + ": [ ... ] expected");
    std::vector<Node> all;
    for (const auto& inner : value.get_array()) all.push_back({inner, where + " (number " + std::to_string(all.size() + 1) + ")"});
    return all;
  }
  void knows(std::initializer_list<std::string_view> keys) const {
    for (const auto& [key, inner] : members()) {
      check(std::find(keys.begin(), keys.end(), key) != keys.end(), where + ": '" + key + "' is not known here");
    }
  }
  [[nodiscard]] std::string text() const {
    check(value.is_string(), where + ": a text expected");
    return std::string(value.get_string());
  }
  [[nodiscard]] double number() const {
    check(value.is_number(), where + ": a number expected");
    const auto found = value.to_number<double>();
    check(found >= 0 && found <= 1e9, where + ": from 0 to a thousand million");
    return found;
  }
  [[nodiscard]] int whole() const {
    const double found = number();
    check(found == static_cast<int>(found), where + ": a whole number expected");
    return static_cast<int>(found);
  }
  [[nodiscard]] int day() const {
    const auto date = parse_date(text());
    check(date.has_value(), where + ": a date like \"2026-01-31\" expected");
    return to_day_number(*date);
  }
  [[nodiscard]] int minute() const {
    const auto minute = minute_of(text());
    check(minute.has_value(), where + ": a time like \"20:15\" expected");
    return *minute;
  }
  [[nodiscard]] int weekday() const {
    const auto day = weekday_named(text());
    check(day.has_value(), where + ": a day like \"tuesday\" expected");
    return *day;
  }
};

Choice choice_in(const Node& node) {
  if (node.value.is_string()) return {{node.text(), 1}};
  Choice choice;
  if (node.value.is_array()) {
    for (const Node& item : node.items()) choice.emplace_back(item.text(), 1);
  } else {
    for (const auto& [value, weight] : node.members()) choice.emplace_back(value, weight.number());
  }
  check(std::any_of(choice.begin(), choice.end(), [](const auto& item) { return item.second > 0; }), node.where + ": nothing to choose from");
  return choice;
}

bool is_range(const Node& node) {
  return node.value.is_array() && node.value.get_array().size() == 2 && node.value.get_array().front().is_number();
}

Range range_in(const Node& node) {
  const auto items = node.items();
  const Range range{items[0].whole(), items[1].whole()};
  check(range.first <= range.second, node.where + ": [least, most] expected");
  return range;
}

model::FieldValues values_in(const Node& node) {
  model::FieldValues values;
  for (const auto& [field, value] : node.members()) values[field] = value.text();
  return values;
}

void check_fields(const model::RecordKind& kind, const Section& section, const std::string& where) {
  const auto check_one = [&](const std::string& field, const std::string& value) {
    check(kind.field(field) != nullptr, where + ": '" + field + "' is not a field of " + std::string(kind.kind));
    const Status good = value.empty() ? Status() : model::check_record_field(kind, field, value);
    check(good.ok(), where + ": " + field + ": '" + value + "' is not possible here");
  };
  for (const auto& [field, choice] : section.fields) {
    for (const auto& item : choice) check_one(field, item.first);
  }
  for (const model::FieldValues& record : section.list) {
    for (const auto& [field, value] : record) check_one(field, value);
  }
  for (const auto& [activity, roles] : section.table) {
    check_one("activity", activity);
    for (const auto& [role, minutes] : roles) check_one("role", role);
  }
}

Section section_in(const Node& node) {
  Section section;
  for (const auto& [key, inner] : node.members()) {
    if (key == "fields") {
      for (const auto& [field, choice] : inner.members()) section.fields[field] = choice_in(choice);
    } else if (key == "list") {
      for (const Node& item : inner.items()) section.list.push_back(values_in(item));
    } else if (key == "minutes_a_month") {
      for (const auto& [row, columns] : inner.members()) {
        for (const auto& [column, cell] : columns.members()) section.table[row][column] = cell.number();
      }
    } else if (std::find(std::begin(kNames), std::end(kNames), key) == std::end(kNames)) {
      check(false, node.where + ": '" + key + "' is not known here");
    } else if (inner.value.is_number()) {
      section.numbers[key] = inner.number();
    } else if (is_range(inner)) {
      section.ranges[key] = range_in(inner);
    } else {
      section.choices[key] = choice_in(inner);
    }
  }
  return section;
}

void check_codes(const Section& section, std::string_view name, std::string_view list, const std::string& where) {
  if (const Choice* choice = section.choice(name)) {
    for (const auto& item : *choice) check(model::is_code(list, item.first), where + ": " + std::string(name) + ": '" + item.first + "' is not a code");
  }
}

void check_known(const Scenario& made, const std::string& name, const std::string& where) {
  check(name.empty() || made.roles.count(name) != 0, where + ": '" + name + "' is not among the staff");
}

std::string text_at(const Node& node, std::string_view key) { return node.has(key) ? node.at(key).text() : std::string(); }

Handheld handheld_in(const Scenario& made, const std::string& key, const Node& node) {
  node.knows({"name", "users", "wrong_clock", "away"});
  Handheld handheld{key, node.at("name").text(), {}, {}, {}};
  check(!key.empty() && key.find('/') == std::string::npos, node.where + ": letters and digits only");
  for (const Node& user : node.at("users").items()) {
    handheld.users.push_back(user.text());
    check_known(made, user.text(), user.where);
  }
  check(!handheld.users.empty(), node.where + ": a user is needed");
  if (node.has("wrong_clock")) {
    const Node wrong = node.at("wrong_clock");
    handheld.wrong_clock = WrongClock{wrong.at("from").day(), wrong.at("days").whole(), to_string(from_day_number(wrong.at("says").day()))};
  }
  if (node.has("away")) {
    const int from = node.at("away").at("from").day();
    handheld.away = Range{from, from + node.at("away").at("weeks").whole() * kDaysAWeek - 1};
  }
  return handheld;
}

void read_people(const Node& top, Scenario& made) {
  for (const auto& [name, role] : top.at("staff").members()) {
    check(model::is_code("role", role.text()), role.where + ": '" + role.text() + "' is not a role");
    made.staff.push_back(name);
    made.roles[name] = role.text();
  }
  for (const char* role : {"coordinator", "project_lead"}) check(!made.person(role).empty(), "staff: a " + std::string(role) + " is needed");
  for (const auto& [key, handheld] : top.at("handhelds").members()) made.handhelds.push_back(handheld_in(made, key, handheld));
  check(!made.handhelds.empty(), "handhelds: one is needed");
  for (const Node& node : top.at("women").items()) {
    node.knows({"alias", "intensity", "primary", "second"});
    Woman woman{node.at("alias").text(), text_at(node, "intensity"), node.at("primary").text(), text_at(node, "second")};
    check(woman.intensity.empty() || model::is_code("intensity", woman.intensity), node.where + ": '" + woman.intensity + "' is not an intensity");
    check_known(made, woman.primary, node.where);
    check_known(made, woman.second, node.where);
    check(made.handheld_of(woman.primary) != nullptr, node.where + ": '" + woman.primary + "' has no handheld");
    for (const Woman& other : made.women) check(other.alias != woman.alias, "women: '" + woman.alias + "' stands there twice");
    made.women.push_back(std::move(woman));
  }
  check(!made.women.empty(), "women: one is needed");
  made.show = text_at(top, "show");
  const bool is_there = std::any_of(made.women.begin(), made.women.end(), [&](const Woman& woman) { return woman.alias == made.show; });
  check(made.show.empty() || is_there, "show: '" + made.show + "' is not among the women");
}

void read_rhythm(const Node& top, Scenario& made) {
  made.seed = static_cast<std::uint64_t>(top.at("seed").number());
  made.from = top.at("period").at("from").day();
  made.through = top.at("period").at("through").day();
  check(made.from < made.through && made.through - made.from <= kDaysMax, "period: from a day through a later one, at most three years");
  if (top.has("holidays")) {
    for (const Node& day : top.at("holidays").items()) made.holidays.insert(day.day());
  }
  made.sync_weekday = top.at("sync").at("weekday").weekday();
  made.sync_minute = top.at("sync").at("at").minute();
  for (const auto& [month, factor] : top.at("season").members()) {
    const auto number = std::atoi(month.c_str());
    check(number >= 1 && number <= 12, factor.where + ": a month from 1 to 12");
    made.season[number] = factor.number();
  }
  for (const auto& [name, factor] : top.at("weekday").members()) {
    const auto day = weekday_named(name);
    check(day.has_value(), factor.where + ": a day like \"tuesday\" expected");
    made.weekday[*day] = factor.number();
  }
}

void read_contacts(const Node& top, Scenario& made) {
  made.contacts = section_in(top.at("contacts"));
  for (const Node& day : top.at("rounds").at("weekdays").items()) made.round_weekdays.insert(day.weekday());
  made.round_minute = top.at("rounds").at("at").minute();
  made.rounds = section_in(top.at("rounds"));
  const double length = made.rounds.number("minutes", kRoundMinutesMin);
  check(length >= kRoundMinutesMin && length <= kRoundMinutesMax, "rounds: minutes: from 30 to 360");
  made.daytime = section_in(top.at("daytime"));
  check_codes(made.rounds, "place", "place", "rounds");
  check_codes(made.rounds, "outcome", "outcome", "rounds");
  check_codes(made.contacts, "topic", "topic", "contacts");
  check_codes(made.daytime, "outcome", "outcome", "daytime");
  for (const auto& [section, name] : {std::pair{&made.rounds, "place"}, {&made.rounds, "outcome"}, {&made.rounds, "outcome_without_intensity"},
                                      {&made.daytime, "how"}, {&made.daytime, "outcome"}, {&made.contacts, "topic"}, {&made.contacts, "note"},
                                      {&made.contacts, "follow_up"}, {&made.contacts, "unknown"}}) {
    check(section->choice(name) != nullptr, std::string("'") + name + "' is missing");
  }
  for (const auto& item : *made.daytime.choice("how")) {
    const std::size_t space = item.first.find(' ');
    const bool good = space != std::string::npos && model::is_code("channel", item.first.substr(0, space)) && model::is_code("place", item.first.substr(space + 1));
    check(good, "daytime: how: '" + item.first + "' is not a channel and a place");
  }
}

void check_visits(const Scenario& made) {
  const Section& visits = made.records_of("visit_count");
  const Choice *by = visits.choice("by"), *weekdays = visits.choice("weekdays");
  if (by != nullptr) check_known(made, by->front().first, "records: visit_count: by");
  for (const auto& day : weekdays == nullptr ? Choice() : *weekdays) {
    check(weekday_named(day.first).has_value(), "records: visit_count: weekdays: a day like \"tuesday\" expected");
  }
}

Scenario scenario_in(const Node& top) {
  top.knows({"about", "plays", "seed", "period", "holidays", "staff", "handhelds", "women", "show", "sync", "season", "weekday", "rounds", "daytime",
             "contacts", "changes", "records"});
  check(text_at(top, "plays") == "programme", "plays: \"programme\" expected");
  Scenario made;
  read_people(top, made);
  read_rhythm(top, made);
  read_contacts(top, made);
  made.changes = section_in(top.at("changes"));
  for (const auto& [name, node] : top.at("records").members()) {
    const auto* kind = model::find_record_kind(name);
    check(kind != nullptr, node.where + ": not a kind of record");
    made.records[name] = section_in(node);
    check_fields(*kind, made.records[name], node.where);
  }
  check_visits(made);
  return made;
}

// Where a text stops being JSON.
std::string line_of(std::string_view text, std::size_t at) {
  return "line " + std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n'));
}

}  // namespace

Result<Scenario> read_scenario(std::string_view text) {
  json::stream_parser parser;
  boost::system::error_code broken;
  std::size_t read = parser.write_some(text.data(), text.size(), broken);
  if (!broken) parser.finish(broken);
  if (!broken && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) broken = json::make_error_code(json::error::extra_data);
  if (broken) return refused("scenario_wrong", {line_of(text, read) + ": " + broken.message()});
  const json::value whole = parser.release();
  try {
    return scenario_in({whole, "scenario"});
  } catch (const Wrong& wrong) {
    return refused("scenario_wrong", {wrong.what()});
  }
}

}  // namespace lantaarn::programme
