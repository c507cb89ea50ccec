// When each handheld is back at the workplace, and what its clock says meanwhile.
#include "tools/programme/script.hpp"

namespace lantaarn::programme {
namespace {

constexpr int kMorning = 8 * 60;
constexpr int kLastSync = 17 * 60 + 30;  // the last day's work is done

void sync(Script& script, const Handheld& handheld, int day, int minute) {
  Fact& fact = script.add_at_office(day, minute, Do::kSync, "");
  fact.handheld = handheld.key;
}

void write_clock(Script& script, const Handheld& handheld, const std::vector<int>& sync_days) {
  if (!handheld.wrong_clock || !script.has(handheld.wrong_clock->from)) return;
  const int from = handheld.wrong_clock->from;
  Fact& wrong = script.add_at_office(from, kMorning, Do::kClockWrong, "");
  wrong.handheld = handheld.key;
  wrong.fields["date"] = handheld.wrong_clock->says;
  for (const int day : sync_days) {
    if (day < from + handheld.wrong_clock->days - 1) continue;
    Fact& right = script.add_at_office(day, script.scenario.sync_minute + 20, Do::kClockRight, "");
    right.handheld = handheld.key;
    return;
  }
}

}  // namespace

void write_syncs(Script& script) {
  const Scenario& scenario = script.scenario;
  int minutes_later = 0;
  for (const Handheld& handheld : scenario.handhelds) {
    std::vector<int> days;
    for (int day = scenario.from; day < scenario.through; ++day) {
      if (weekday_of(day) != scenario.sync_weekday) continue;
      const int open = script.workday_from(day);
      const bool is_away = handheld.away && open >= handheld.away->first && open <= handheld.away->second;
      if (!is_away && open < scenario.through) days.push_back(open);
    }
    for (const int day : days) sync(script, handheld, day, scenario.sync_minute + minutes_later);
    sync(script, handheld, scenario.through, kLastSync + minutes_later);
    write_clock(script, handheld, days);
    minutes_later += 3;
  }
}

}  // namespace lantaarn::programme
