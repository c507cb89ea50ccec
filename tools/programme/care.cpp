// What is recorded about a woman on a handheld, and how it goes on: a goal with its steps, a referral that waits, a stay
// that ends. Each kind has its own stream of chance.
#include <algorithm>

#include "tools/programme/script.hpp"

namespace lantaarn::programme {
namespace {

constexpr double kDaysAMonth = 30.44;
constexpr int kOpens = 11 * 60 + 30, kCloses = 16 * 60 + 45;

std::string date_of(int day) { return to_string(from_day_number(day)); }

/// The days on which something of this kind happens, in order.
std::vector<int> days_of(const Script& script, const Section& section, Chance& chance) {
  const Scenario& scenario = script.scenario;
  const double a_day = section.number("a_month") / kDaysAMonth;
  std::vector<int> days;
  for (int day = scenario.from; day < scenario.through; ++day) {
    const auto season = scenario.season.find(static_cast<int>(from_day_number(day).month));
    const double mean = a_day * (season == scenario.season.end() ? 1 : season->second);
    for (int left = chance.times(mean); left > 0; --left) days.push_back(std::min(script.workday_from(day), scenario.through - 1));
  }
  return days;
}

const Life* anyone(const Script& script, Chance& chance, int day) {
  return script.woman(chance, day, [&](const Life& each) {
    const std::string& intensity = each.intensity(day);
    return intensity == "intensive" ? 3.0 : intensity.empty() ? 0.0 : 1.0;
  });
}

/// A copy: what is added later moves the originals.
Fact record_about(Script& script, const Life& life, int day, std::string_view kind, Chance& chance, model::FieldValues fields) {
  Fact& fact = script.add_record(day, chance.between(kOpens, kCloses), kind, life.primary(day), false, chance);
  fact.woman = life.woman.alias;
  for (auto& [field, value] : fields) fact.fields[field] = value;
  return fact;
}

void retract(Script& script, const Fact& of, int day) {
  if (!script.has(day)) return;
  script.facts.push_back({moment(day, kOpens - 30), Do::kRecordRetract, of.handheld, of.by, "", of.label, of.woman, of.kind, {}, "bij de verkeerde vrouw ingevoerd"});
}

void write_appointments(Script& script) {
  const Section& section = script.scenario.records_of("appointment");
  Chance chance(script.scenario.seed, "appointment");
  for (const int day : days_of(script, section, chance)) {
    const Life* life = anyone(script, chance, day);
    if (life == nullptr) continue;
    const Fact fact = record_about(script, *life, day, "appointment", chance, {{"date", date_of(day)}});
    if (chance.with(section.number("retracted"))) retract(script, fact, day + 1);
  }
}

void write_goals(Script& script) {
  const Section& section = script.scenario.records_of("goal");
  Chance chance(script.scenario.seed, "goal");
  for (const int day : days_of(script, section, chance)) {
    const Life* life = anyone(script, chance, day);
    if (life == nullptr || life->handed_over != INT_MAX) continue;
    const Fact goal = record_about(script, *life, day, "goal", chance, {{"date", date_of(day)}, {"state", "active"}});
    int last = day;
    for (int steps = 1 + chance.times(section.number("steps")); steps > 0; --steps) {
      const int step_day = script.workday_from(last + chance.between(3, 21));
      if (!script.has(step_day) || !life->in_view(step_day) || step_day == last) break;
      const Fact step = record_about(script, *life, step_day, "goal_step", chance, {{"date", date_of(step_day)}, {"goal", "@" + goal.label}});
      const int done = script.workday_from(step_day + chance.between(4, 20));
      if (chance.with(section.number("step_done")) && done < script.scenario.through) script.change_record(step, done, kCloses + 5, "gelukt", {{"done", "yes"}});
      last = step_day;
    }
    const bool is_reached = chance.with(section.number("reached")), is_stopped = !is_reached && chance.with(section.number("stopped"));
    if (is_reached) script.change_record(goal, last + 22, kCloses + 10, "doel gehaald", {{"state", "reached"}});
    if (is_stopped) script.change_record(goal, last + 22, kCloses + 10, "zij wil er nu niet mee verder", {{"state", "stopped"}});
  }
}

void write_referrals(Script& script) {
  const Section& section = script.scenario.records_of("referral");
  const Range waiting = section.range("waiting_days", {7, 60});
  Chance chance(script.scenario.seed, "referral");
  for (const int day : days_of(script, section, chance)) {
    const Life* life = anyone(script, chance, day);
    if (life == nullptr) continue;
    const Fact fact = record_about(script, *life, day, "referral", chance, {{"announced", date_of(day)}, {"state", "announced"}});
    const int answered = script.workday_from(day + 4), begins = script.workday_from(answered + chance.between(waiting.first, waiting.second));
    const int ends = script.workday_from(begins + chance.between(20, 70));
    const bool is_declined = chance.with(section.number("declined")), is_completed = chance.with(section.number("completed"));
    if (is_declined) {
      script.change_record(fact, answered, kOpens, "afgewezen", {{"state", "declined"}, {"ended", date_of(answered)}});
      continue;
    }
    script.change_record(fact, answered, kOpens, "op de wachtlijst", {{"state", "waiting"}});
    if (begins >= script.scenario.through) continue;
    script.change_record(fact, begins, kOpens, "gestart", {{"state", "started"}, {"started", date_of(begins)}});
    if (is_completed && ends < script.scenario.through) {
      script.change_record(fact, ends, kOpens, "afgerond", {{"state", "completed"}, {"ended", date_of(ends)}});
    }
  }
}

// Six a year, programme-wide; one at a time for a woman.
void write_stays(Script& script) {
  const Section& section = script.scenario.records_of("time_out_stay");
  const Range days = section.range("days", {4, 14});
  Chance chance(script.scenario.seed, "time_out_stay");
  std::map<int, int> in_year;
  std::map<std::string, int> busy_until;
  for (const int day : days_of(script, section, chance)) {
    const Life* life = anyone(script, chance, day);
    if (life == nullptr || busy_until[life->woman.alias] >= day) continue;
    if (++in_year[from_day_number(day).year] > static_cast<int>(section.number("cap", 6))) continue;
    const int through = day + chance.between(days.first, days.second) - 1;
    busy_until[life->woman.alias] = through;
    const Fact fact = record_about(script, *life, day, "time_out_stay", chance, {{"from", date_of(day)}});
    script.change_record(fact, through, kCloses + 20, "verblijf geëindigd", {{"through", date_of(through)}});
  }
}

void write_consents(Script& script) {
  const Section& section = script.scenario.records_of("consent");
  Chance chance(script.scenario.seed, "consent");
  bool one_withdrew = false;
  for (const Life& life : script.lives) {
    if (life.is_new || life.woman.intensity.empty() || !chance.with(section.number("share"))) continue;
    const int day = script.workday_from(script.scenario.from + kDaysAWeek + chance.between(0, 60));
    if (!life.in_view(day)) continue;
    Fact& fact = script.add_record(day, chance.between(kOpens, kCloses), "consent", life.primary(day), false, chance);
    fact.woman = life.woman.alias;
    fact.fields["date"] = date_of(day);
    if (fact.fields["state"] != "given") {
      fact.fields = {{"date", fact.fields["date"]}, {"state", fact.fields["state"]}};
      continue;
    }
    const int later = script.workday_from(day + chance.between(30, 90));
    // Withdrawing is part of the programme, whatever the seed says.
    if (one_withdrew && !chance.with(section.number("withdrawn"))) continue;
    if (later >= script.scenario.through || !life.in_view(later)) continue;
    one_withdrew = true;
    Fact& withdrawn = script.add(later, kOpens, Do::kRecord, life.primary(later));
    withdrawn.kind = "consent";
    withdrawn.label = script.new_label();
    withdrawn.woman = life.woman.alias;
    withdrawn.fields = {{"date", date_of(later)}, {"state", "withdrawn"}};
  }
}

void write_short_lived(Script& script, const char* kind, const char* until, Range otherwise) {
  const Section& section = script.scenario.records_of(kind);
  const Range days = section.range("days", otherwise);
  Chance chance(script.scenario.seed, kind);
  for (const int day : days_of(script, section, chance)) {
    const Life* life = anyone(script, chance, day);
    if (life == nullptr) continue;
    const Fact fact = record_about(script, *life, day, kind, chance, {{"date", date_of(day)}, {until, date_of(day + chance.between(days.first, days.second))}});
    const Choice* answers = section.choice("answer");
    if (answers != nullptr && chance.with(section.number("answered"))) {
      script.change_record(fact, script.workday_from(day + 8), kOpens + 5, "antwoord gekregen", {{"answer", chance.of(*answers)}});
    }
  }
}

// What a year's grant does not cover is not spent.
void write_spendings(Script& script) {
  const Section& section = script.scenario.records_of("budget_spending");
  const Range cents = section.range("cents", {1000, 5000});
  Chance chance(script.scenario.seed, "budget_spending");
  std::map<int, double> left;
  for (const int day : days_of(script, section, chance)) {
    const auto found = left.try_emplace(from_day_number(day).year, script.scenario.records_of("budget_grant").number("cents")).first;
    const int amount = 5 * chance.between(cents.first / 5, cents.second / 5);
    const Life* life = anyone(script, chance, day);
    if (life == nullptr || amount > found->second) continue;
    found->second -= amount;
    static_cast<void>(record_about(script, *life, day, "budget_spending", chance, {{"date", date_of(day)}, {"cents", std::to_string(amount)}}));
  }
}

void write_handovers(Script& script) {
  Chance chance(script.scenario.seed, "handover");
  for (const Life& life : script.lives) {
    if (!script.has(life.handed_over)) continue;
    const int begins = script.workday_from(std::max(life.handed_over - 14, script.scenario.from));
    const Fact fact = record_about(script, life, begins, "handover", chance,
                                   {{"date", date_of(begins)}, {"from", life.woman.primary}, {"to", life.later_primary}, {"told", "yes"}});
    script.change_record(fact, script.workday_from(begins + 4), kOpens, "met zijn drieën gesproken", {{"joint_meeting", "yes"}, {"consent", "yes"}});
    script.change_record(fact, life.handed_over, kOpens, "overgedragen", {{"dossier_read", "yes"}, {"accepted", "yes"}});
    Fact& set = script.add_at_office(life.handed_over, kOpens + 60, Do::kClientSet, script.scenario.person("coordinator"));
    set.woman = life.woman.alias;
    set.reason = "warme overdracht";
    set.fields["primary"] = life.later_primary;
  }
}

}  // namespace

void write_care(Script& script) {
  write_appointments(script);
  write_goals(script);
  write_referrals(script);
  write_stays(script);
  write_consents(script);
  write_short_lived(script, "attention_note", "until", {30, 90});
  write_short_lived(script, "escalation", "ends", {14, 45});
  write_spendings(script);
  write_handovers(script);
}

}  // namespace lantaarn::programme
