#include "tools/programme/expected.hpp"

#include <algorithm>

#include "tools/programme/calendar.hpp"

namespace lantaarn::programme {
namespace {

constexpr int kInContactDays = 42;
constexpr std::int64_t kCentsADay = 139'27;

struct Written {
  std::string kind, woman;
  model::FieldValues fields;
  int day = 0;
};
struct Herself {
  std::string status = "in_view", intensity;
  int last_spoken = 0;
};

std::string value(const model::FieldValues& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}
std::string or_else(std::string text, const char* otherwise) { return text.empty() ? otherwise : std::move(text); }

std::int64_t number(const model::FieldValues& fields, const char* name) {
  const std::string text = value(fields, name);
  return text.empty() ? 0 : std::stoll(text);
}

int day_number(const std::string& date, int otherwise) {
  const auto parsed = parse_date(date);
  return parsed ? to_day_number(*parsed) : otherwise;
}

/// Everything as it stands after every correction.
struct Standing {
  std::map<std::string, Written> contacts, records;   // by label
  std::map<std::string, Herself> women;               // by alias
  std::set<std::string> done;                         // labels of contacts whose follow-up is done
  std::int64_t contested = 0;

  void set_woman(const Fact& fact) {
    Herself& herself = women[fact.woman];
    if (fact.fields.count("status") != 0) herself.status = value(fact.fields, "status");
    if (fact.fields.count("intensity") != 0) herself.intensity = value(fact.fields, "intensity");
  }

  void happen(const Fact& fact) {
    const int day = to_day_number(date_in_amsterdam(fact.at_ms));
    switch (fact.what) {
      case Do::kContact: contacts[fact.label] = {"", fact.woman, fact.fields, day}; break;
      case Do::kAmend:
        for (const auto& [field, text] : fact.fields) contacts[fact.of].fields[field] = text;
        break;
      case Do::kRetract: contacts.erase(fact.of); break;
      case Do::kFollowUpDone: done.insert(fact.of); break;
      case Do::kClientAdd: women[fact.woman]; break;
      case Do::kClientSet: set_woman(fact); break;
      case Do::kRecord: records[fact.label] = {fact.kind, fact.woman, fact.fields, day}; break;
      case Do::kRecordChange:
        for (const auto& [field, text] : fact.fields) records[fact.of].fields[field] = text;
        break;
      case Do::kRecordRetract: records.erase(fact.of); break;
      default: break;
    }
  }
};

void count_women(const Standing& standing, int today, Figures& made) {
  for (const auto& [alias, herself] : standing.women) {
    ++made["women " + herself.status + " " + or_else(herself.intensity, "-")];
    if (herself.status != "in_view") continue;
    ++made["women in view"];
    made["women in contact"] += !herself.intensity.empty() && herself.last_spoken >= today - kInContactDays ? 1 : 0;
  }
}

void count_contacts(Standing& standing, int today, Figures& made) {
  made["contacts with unknown persons"] = made["follow-ups due"] = made["women in contact"] = 0;
  for (const auto& [label, contact] : standing.contacts) {
    ++made["contacts " + value(contact.fields, "channel") + " " + value(contact.fields, "place")];
    made["contacts with unknown persons"] += contact.woman.empty() ? 1 : 0;
    if (!contact.woman.empty() && value(contact.fields, "outcome") == "spoken") {
      int& last = standing.women[contact.woman].last_spoken;
      last = std::max(last, contact.day);
    }
    const std::string due = value(contact.fields, "follow_up_date");
    const bool is_due = !due.empty() && day_number(due, today + 1) <= today && standing.done.count(label) == 0;
    made["follow-ups due"] += is_due ? 1 : 0;
  }
}

void count_stay(const Written& record, std::int64_t cents_a_day, int today, Figures& made) {
  const int from = day_number(value(record.fields, "from"), today), through = day_number(value(record.fields, "through"), today);
  const std::int64_t days = through - from + 1;
  ++made["stays"];
  made["stays open"] += value(record.fields, "through").empty() || through >= today ? 1 : 0;
  made["stay days"] += days;
  made["stay cents"] += days * cents_a_day;
}

void count_hours(const Written& record, Figures& made) {
  const std::string cell = "hours " + value(record.fields, "activity") + " " + value(record.fields, "role");
  const bool is_unknown = value(record.fields, "minutes").empty();
  made[cell + " minutes"] += number(record.fields, "minutes");
  made[cell + " unknown"] += is_unknown ? 1 : 0;
}

void count_record(const Written& record, std::int64_t cents_a_day, int today, Figures& made) {
  ++made["records " + record.kind];
  const auto& fields = record.fields;
  const auto state = [&](const char* field) { return or_else(value(fields, field), "not_stated"); };
  if (record.kind == "time_out_stay") count_stay(record, cents_a_day, today, made);
  if (record.kind == "hours") count_hours(record, made);
  if (record.kind == "budget_grant") made["budget granted"] += number(fields, "cents");
  if (record.kind == "budget_spending") made["budget spent"] += number(fields, "cents");
  if (record.kind == "visit_count") {
    ++made["visit evenings"];
    made["visits"] += number(fields, "visits");
  }
  if (record.kind == "referral") ++made["referrals " + state("state")];
  if (record.kind == "goal") ++made["goals " + state("state")];
  if (record.kind == "appointment") ++made["appointments " + state("attended")];
  if (record.kind == "bottleneck") ++made["bottlenecks " + state("what")];
  if (record.kind == "risk") ++made["risks " + state("trend")];
  if (record.kind == "escalation") made["escalations open"] += day_number(value(fields, "ends"), today) >= today ? 1 : 0;
  if (record.kind == "handover") made["handovers open"] += value(fields, "accepted") != "yes" ? 1 : 0;
  if (record.kind == "planning_step") made["planning open"] += value(fields, "done") != "yes" ? 1 : 0;
}

std::int64_t tariff_of(const Standing& standing) {
  for (const auto& [label, record] : standing.records) {
    if (record.kind == "tariff") return number(record.fields, "cents");
  }
  return kCentsADay;
}

// The same field of a woman, set at the office and on a handheld without a sync between the two.
std::int64_t contested_in(const std::vector<Fact>& facts) {
  std::map<std::string, std::set<std::string>> set_at_office, set_outside;
  for (const Fact& fact : facts) {
    if (fact.what != Do::kClientSet) continue;
    if (fact.fields.count("safe-contact") != 0) set_at_office[fact.woman].insert(to_string(date_in_amsterdam(fact.at_ms)));
    if (fact.fields.count("safe_contact") != 0) set_outside[fact.woman].insert(to_string(date_in_amsterdam(fact.at_ms)));
  }
  std::int64_t contested = 0;
  for (const auto& [woman, days] : set_at_office) contested += set_outside.count(woman) != 0 && set_outside[woman] == days ? 1 : 0;
  return contested;
}

}  // namespace

Figures expected_figures(const Scenario& scenario, const std::vector<Fact>& facts) {
  Standing standing;
  for (const Woman& woman : scenario.women) standing.women[woman.alias].intensity = woman.intensity;
  for (const Fact& fact : facts) standing.happen(fact);
  Figures made;
  count_contacts(standing, scenario.through, made);
  count_women(standing, scenario.through, made);
  for (const auto& [label, record] : standing.records) count_record(record, tariff_of(standing), scenario.through, made);
  made["budget balance"] = made["budget granted"] - made["budget spent"];
  made["set apart"] = 0;
  made["review cases"] = contested_in(facts);
  return made;
}

}  // namespace lantaarn::programme
