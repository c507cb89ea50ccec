#include "tools/programme/lives.hpp"

#include <algorithm>
#include <functional>

#include "tools/programme/calendar.hpp"

namespace lantaarn::programme {
namespace {

int days_of(const Scenario& scenario) { return scenario.through - scenario.from + 1; }

// A workday between two parts of the period.
int workday_in(const Scenario& scenario, Chance& chance, double first, double last) {
  const int days = days_of(scenario);
  int day = scenario.from + chance.between(static_cast<int>(first * days), static_cast<int>(last * days) - 1);
  while (day < scenario.through && !scenario.is_workday(day)) ++day;
  return day;
}

Life* pick(Chance& chance, std::vector<Life>& lives, const std::function<bool(const Life&)>& fits) {
  std::vector<Life*> found;
  for (Life& life : lives) {
    if (!life.is_settled && !life.is_new && fits(life)) found.push_back(&life);
  }
  if (found.empty()) return nullptr;
  Life* chosen = found[chance.below(found.size())];
  chosen->is_settled = true;
  return chosen;
}

int count_of(const Section& section, const char* name) { return static_cast<int>(section.number(name)); }

// Newcomers are met on the way: without an intensity, by whoever adds them.
void add_newcomers(const Scenario& scenario, std::vector<Life>& lives) {
  Chance chance(scenario.seed, "newcomers");
  const Choice* names = scenario.changes.choice("new_names");
  for (const auto& name : names == nullptr ? Choice() : *names) {
    Life life;
    life.woman = {name.first, "", lives[chance.below(lives.size())].woman.primary, ""};
    life.from = workday_in(scenario, chance, 0.15, 0.8);
    life.is_new = life.is_settled = true;
    lives.push_back(std::move(life));
  }
}

void close_some(const Scenario& scenario, std::vector<Life>& lives) {
  Chance chance(scenario.seed, "closings");
  const Choice* reasons = scenario.changes.choice("closed_reason");
  for (int i = 0; i < count_of(scenario.changes, "closings"); ++i) {
    Life* life = pick(chance, lives, [](const Life& each) { return each.woman.intensity.empty() || each.woman.intensity == "light_consultative"; });
    if (life == nullptr) return;
    life->closed = workday_in(scenario, chance, 0.5, 0.95);
    life->closed_reason = reasons == nullptr ? "other" : chance.of(*reasons);
  }
}

void change_intensities(const Scenario& scenario, std::vector<Life>& lives) {
  Chance chance(scenario.seed, "intensities");
  for (int i = 0; i < count_of(scenario.changes, "intensity_changes"); ++i) {
    // By turns one that becomes lighter and one that becomes closer: the team stays about as busy.
    const std::string from = i % 2 == 0 ? "intensive" : "light_supplementary", to = i % 2 == 0 ? "light_supplementary" : "intensive";
    Life* life = pick(chance, lives, [&](const Life& each) { return each.woman.intensity == from; });
    if (life == nullptr) continue;
    life->intensity_changes = workday_in(scenario, chance, 0.3, 0.9);
    life->later_intensity = to;
  }
}

void hand_over_some(const Scenario& scenario, std::vector<Life>& lives) {
  Chance chance(scenario.seed, "handovers");
  std::vector<std::string> managers;
  for (const std::string& name : scenario.staff) {
    if (scenario.roles.at(name) == "case_manager" && scenario.handheld_of(name) != nullptr) managers.push_back(name);
  }
  for (int i = 0; managers.size() > 1 && i < count_of(scenario.changes, "handovers"); ++i) {
    Life* life = pick(chance, lives, [](const Life& each) { return !each.woman.intensity.empty(); });
    if (life == nullptr) return;
    std::erase(managers, life->woman.primary);
    life->later_primary = managers[chance.below(managers.size())];
    managers.push_back(life->woman.primary);
    life->handed_over = workday_in(scenario, chance, 0.25, 0.85);
  }
}

void contest_some(const Scenario& scenario, std::vector<Life>& lives) {
  Chance chance(scenario.seed, "contested");
  for (int i = 0; i < count_of(scenario.changes, "contested"); ++i) {
    Life* life = pick(chance, lives, [](const Life& each) { return !each.woman.intensity.empty(); });
    if (life == nullptr) return;
    life->contested = workday_in(scenario, chance, 0.2, 0.95);
  }
}

}  // namespace

std::vector<Life> lives_of(const Scenario& scenario) {
  std::vector<Life> lives;
  for (const Woman& woman : scenario.women) {
    Life life;
    life.woman = woman;
    life.from = scenario.from;
    lives.push_back(std::move(life));
  }
  add_newcomers(scenario, lives);
  close_some(scenario, lives);
  change_intensities(scenario, lives);
  hand_over_some(scenario, lives);
  contest_some(scenario, lives);
  return lives;
}

}  // namespace lantaarn::programme
