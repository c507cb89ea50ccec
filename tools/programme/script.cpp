#include "tools/programme/script.hpp"

#include <algorithm>

namespace lantaarn::programme {

Fact& Script::add(int day, int minute, Do what, const std::string& by) {
  Fact& fact = add_at_office(day, minute, what, by);
  if (const Handheld* handheld = scenario.handheld_of(by)) fact.handheld = handheld->key;
  return fact;
}

Fact& Script::add_at_office(int day, int minute, Do what, const std::string& by) {
  facts.push_back({});
  facts.back().at_ms = moment(day, minute);
  facts.back().what = what;
  facts.back().by = by;
  return facts.back();
}

Fact& Script::add_record(int day, int minute, std::string_view kind, const std::string& by, bool at_office, Chance& chance) {
  Fact& fact = at_office ? add_at_office(day, minute, Do::kRecord, by) : add(day, minute, Do::kRecord, by);
  fact.kind = kind;
  fact.label = new_label();
  for (const auto& [field, choice] : scenario.records_of(kind).fields) {
    const std::string& value = chance.of(choice);
    if (!value.empty()) fact.fields[field] = value;
  }
  return fact;
}

void Script::change_record(const Fact& of, int day, int minute, const std::string& reason, model::FieldValues fields) {
  if (!has(day)) return;
  Fact fact{moment(day, minute), Do::kRecordChange, of.handheld, of.by, "", of.label, of.woman, of.kind, std::move(fields), reason};
  facts.push_back(std::move(fact));
}

int Script::workday_from(int day) const {
  while (day < scenario.through && !scenario.is_workday(day)) ++day;
  return std::min(day, scenario.through);
}

const Life* Script::woman(Chance& chance, int day, const std::function<double(const Life&)>& weight) const {
  const auto weight_now = [&](const Life& life) { return life.in_view(day) ? weight(life) : 0.0; };
  double sum = 0;
  for (const Life& life : lives) sum += weight_now(life);
  return sum > 0 ? &lives[chance.at(lives, weight_now)] : nullptr;
}

std::vector<Fact> generate(const Scenario& scenario) {
  Script script{scenario, lives_of(scenario), {}};
  write_changes(script);
  write_rounds(script);
  write_daytime(script);
  write_care(script);
  write_accounts(script);
  write_syncs(script);
  std::stable_sort(script.facts.begin(), script.facts.end(), [](const Fact& a, const Fact& b) { return a.at_ms < b.at_ms; });
  return std::move(script.facts);
}

}  // namespace lantaarn::programme
