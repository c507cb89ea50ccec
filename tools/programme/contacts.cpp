// Conversations: on the evening rounds, and by day.
#include <algorithm>

#include "tools/programme/script.hpp"

namespace lantaarn::programme {
namespace {

constexpr int kOfficeOpens = 9 * 60 + 30, kOfficeCloses = 16 * 60 + 30;
constexpr int kLastChanceMinute = 23 * 60;

struct Pair {
  std::string first, second;
};

// Who goes out tonight, by turns: two people with two handhelds, or one alone.
Pair pair_for(const Scenario& scenario, const std::vector<std::string>& carriers, std::size_t evening) {
  const std::string& first = carriers[evening % carriers.size()];
  for (std::size_t i = 1; i < carriers.size(); ++i) {
    const std::string& second = carriers[(evening + i) % carriers.size()];
    if (scenario.handheld_of(second) != scenario.handheld_of(first)) return {first, second};
  }
  return {first, ""};
}

double weight_of(const Scenario& scenario, const Life& life, int day) {
  const std::string& intensity = life.intensity(day);
  return scenario.contacts.number("a_month_" + (intensity.empty() ? std::string("none") : intensity));
}

std::vector<std::string> carriers_of(const Scenario& scenario) {
  std::vector<std::string> carriers;
  for (const std::string& name : scenario.staff) {
    if (scenario.handheld_of(name) != nullptr) carriers.push_back(name);
  }
  return carriers;
}

void write_evening(Script& script, Chance& chance, int day, const Pair& pair) {
  const Scenario& scenario = script.scenario;
  const int begin = scenario.round_minute, length = static_cast<int>(scenario.rounds.number("minutes", 150));
  const int count = chance.times(scenario.rounds.number("contacts") * scenario.factor(day));
  std::vector<int> minutes;
  for (int i = 0; i < count; ++i) minutes.push_back(begin + 5 + chance.between(0, length - 10));
  std::sort(minutes.begin(), minutes.end());
  for (const std::string& by : {pair.first, pair.second}) {
    if (by.empty()) continue;
    Fact& start = script.add(day, begin, Do::kRoundStart, by);
    start.fields["places"] = chance.of(*scenario.rounds.choice("place"));
    start.fields["with"] = by == pair.first ? pair.second : pair.first;
    script.add(day, begin + 40, Do::kHeads, by).fields["delta"] = std::to_string(1 + chance.times(scenario.rounds.number("heads") * scenario.factor(day) / 2));
    script.add(day, begin + length, Do::kRoundEnd, by);
  }
  for (const int minute : minutes) {
    const std::string& by = !pair.second.empty() && chance.with(0.45) ? pair.second : pair.first;
    const bool is_unknown = chance.with(scenario.rounds.number("unknown_share"));
    const Life* life = is_unknown ? nullptr : script.woman(chance, day, [&](const Life& each) {
      const bool knows_her = each.primary(day) == by || each.woman.second == by;
      return weight_of(scenario, each, day) * (knows_her ? 2 : 1);
    });
    const bool has_none = life != nullptr && life->intensity(day).empty();
    const Choice& outcomes = *scenario.rounds.choice(has_none ? "outcome_without_intensity" : "outcome");
    write_contact(script, chance, day, minute, by, life,
                  {{"channel", "in_person"}, {"place", chance.of(*scenario.rounds.choice("place"))}, {"outcome", chance.of(outcomes)}});
  }
}

std::string topics_in(const Choice& topics, Chance& chance) {
  std::vector<std::string> chosen;
  for (int i = 1 + chance.times(0.6); i > 0; --i) chosen.push_back(chance.of(topics));
  const auto joined = model::join_codes("topic", chosen);
  return joined.ok() ? *joined : std::string();
}

void add_follow_up(Script& script, Chance& chance, int day, const std::string& by, const Life& life, const std::string& label,
                   model::FieldValues& fields) {
  const int due = day + chance.between(2, 21);
  fields["follow_up_date"] = to_string(from_day_number(due));
  fields["follow_up_text"] = chance.of(*script.scenario.contacts.choice("follow_up"));
  // Done when it was on her card: after the next sync.
  const Handheld* handheld = script.scenario.handheld_of(by);
  const int done = script.workday_from(std::max(due + chance.between(-3, 6), day + kDaysAWeek + 2));
  const bool is_away = handheld->away && done >= handheld->away->first && day <= handheld->away->second + kDaysAWeek;
  if (is_away || !script.has(done) || done < day + kDaysAWeek + 2 || !life.in_view(done) || !chance.with(script.scenario.contacts.number("follow_up_done"))) return;
  Fact& fact = script.add(done, chance.between(kOfficeOpens, kOfficeCloses), Do::kFollowUpDone, by);
  fact.of = label;
  fact.woman = life.woman.alias;
}

// A slip of the finger that is put right, the same evening or the next morning; or a contact that was entered twice.
void add_correction(Script& script, Chance& chance, int day, int minute, const Fact& contact) {
  const Section& contacts = script.scenario.contacts;
  const bool is_amended = chance.with(contacts.number("corrected")), is_retracted = chance.with(contacts.number("retracted"));
  if (!is_amended && !is_retracted) return;
  const bool is_late = chance.with(0.5) && script.has(day + 1);
  Fact& fact = script.add(is_late ? day + 1 : day, is_late ? kOfficeOpens + 90 : std::min(minute + 12, kLastChanceMinute),
                          is_amended ? Do::kAmend : Do::kRetract, contact.by);
  fact.of = contact.label;
  fact.woman = contact.woman;
  fact.reason = is_amended ? "vergissing bij het invoeren" : "dubbel ingevoerd";
  const bool is_outside = contact.fields.at("channel") == "in_person";
  if (is_amended && (!is_outside || chance.with(0.5))) fact.fields["minutes"] = std::to_string(chance.between(16, 30));
  if (is_amended && fact.fields.empty()) fact.fields["place"] = contact.fields.at("place") == "loods" ? "huiskamer" : "loods";
}

}  // namespace

void write_contact(Script& script, Chance& chance, int day, int minute, const std::string& by, const Life* life, model::FieldValues fields) {
  const Section& contacts = script.scenario.contacts;
  const bool spoken = fields["outcome"] == "spoken";
  Fact fact;
  fact.label = script.new_label();
  fact.fields = std::move(fields);
  if (life == nullptr) fact.fields["description"] = chance.of(*contacts.choice("unknown"));
  if (life != nullptr) fact.woman = life->woman.alias;
  if (spoken) {
    fact.fields["minutes"] = std::to_string(chance.between(2, 15));
    if (chance.with(contacts.number("with_topics"))) fact.fields["topics"] = topics_in(*contacts.choice("topic"), chance);
    if (chance.with(contacts.number("with_note"))) fact.fields["note"] = chance.of(*contacts.choice("note"));
    if (chance.with(contacts.number("with_indirect"))) fact.fields["indirect_minutes"] = std::to_string(5 * chance.between(1, 6));
  }
  const bool plans = life != nullptr && spoken && life->is_carried_by(by) && chance.with(contacts.number("with_follow_up"));
  if (plans) add_follow_up(script, chance, day, by, *life, fact.label, fact.fields);
  Fact& added = script.add(day, minute, Do::kContact, by);
  added.label = fact.label;
  added.woman = fact.woman;
  added.fields = std::move(fact.fields);
  if (!plans) {
    const Fact contact = added;
    add_correction(script, chance, day, minute, contact);
  }
}

void write_rounds(Script& script) {
  const Scenario& scenario = script.scenario;
  Chance chance(scenario.seed, "rounds");
  const auto carriers = carriers_of(scenario);
  std::size_t evening = 0;
  for (int day = scenario.from; day < scenario.through; ++day) {
    if (scenario.round_weekdays.count(weekday_of(day)) == 0 || scenario.holidays.count(day) != 0) continue;
    write_evening(script, chance, day, pair_for(scenario, carriers, evening++));
  }
}

void write_daytime(Script& script) {
  const Scenario& scenario = script.scenario;
  Chance chance(scenario.seed, "daytime");
  for (int day = scenario.from; day < scenario.through; ++day) {
    if (!scenario.is_workday(day)) continue;
    for (int left = chance.times(scenario.daytime.number("contacts") * scenario.factor(day)); left > 0; --left) {
      const Life* life = script.woman(chance, day, [&](const Life& each) {
        return each.intensity(day).empty() ? 0 : weight_of(scenario, each, day);
      });
      if (life == nullptr) continue;
      const std::string& how = chance.of(*scenario.daytime.choice("how"));
      const std::size_t space = how.find(' ');
      const std::string channel = how.substr(0, space);
      const bool may_miss = channel == "home_visit" || channel == "accompanied";
      write_contact(script, chance, day, chance.between(kOfficeOpens, kOfficeCloses), life->primary(day), life,
                    {{"channel", channel}, {"place", how.substr(space + 1)}, {"outcome", may_miss ? chance.of(*scenario.daytime.choice("outcome")) : "spoken"}});
    }
  }
}

}  // namespace lantaarn::programme
