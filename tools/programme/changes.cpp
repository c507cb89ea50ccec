// What changes about a woman herself: known on a handheld or at the office, and in one case on both without either seeing it.
#include "tools/programme/script.hpp"

namespace lantaarn::programme {
namespace {

constexpr int kMorning = 11 * 60, kAfternoon = 15 * 60;

Fact& about(Fact& fact, const Life& life, std::string reason, model::FieldValues fields) {
  fact.woman = life.woman.alias;
  fact.reason = std::move(reason);
  fact.fields = std::move(fields);
  return fact;
}

void write_life(Script& script, const Life& life, Chance& chance) {
  const std::string coordinator = script.scenario.person("coordinator");
  if (life.is_new) about(script.add(life.from, kMorning, Do::kClientAdd, life.woman.primary), life, "", {});
  if (script.has(life.intensity_changes)) {
    about(script.add_at_office(life.intensity_changes, kMorning, Do::kClientSet, coordinator), life, "besproken in het teamoverleg",
          {{"intensity", life.later_intensity}});
  }
  if (script.has(life.closed)) {
    about(script.add_at_office(life.closed, kMorning, Do::kClientSet, coordinator), life, "begeleiding afgesloten",
          {{"status", "closed"}, {"closed-reason", life.closed_reason}});
  }
  if (script.has(life.contested)) {
    about(script.add_at_office(life.contested, kMorning, Do::kClientSet, coordinator), life, "zo met haar afgesproken", {{"safe-contact", "calling"}});
    about(script.add(life.contested, kAfternoon, Do::kClientSet, life.woman.primary), life, "", {{"safe_contact", "messaging"}});
  }
  const bool is_steady = !life.is_new && life.contested == INT_MAX && life.handed_over == INT_MAX && life.closed == INT_MAX;
  if (is_steady && !life.woman.intensity.empty() && chance.with(script.scenario.changes.number("safe_contact"))) {
    const int day = script.workday_from(script.scenario.from + kDaysAWeek + chance.between(0, 100));
    about(script.add(day, kAfternoon, Do::kClientSet, life.woman.primary), life, "",
          {{"safe_contact", chance.of(*script.scenario.changes.choice("safe_contact_is"))}});
  }
}

}  // namespace

void write_changes(Script& script) {
  Chance chance(script.scenario.seed, "changes");
  const Choice* says = script.scenario.changes.choice("safe_contact_is");
  for (const Life& life : script.lives) {
    if (says != nullptr) write_life(script, life, chance);
  }
  const Choice* names = script.scenario.changes.choice("second_names");
  for (const auto& name : names == nullptr ? Choice() : *names) {
    const int day = script.workday_from(script.scenario.from + kDaysAWeek + chance.between(0, 120));
    const Life* life = script.woman(chance, day, [](const Life& each) { return each.is_settled ? 0.0 : 1.0; });
    if (life == nullptr) continue;
    about(script.add(day, kAfternoon, Do::kClientName, life->woman.primary), *life, "", {{"alias", name.first}});
  }
}

}  // namespace lantaarn::programme
