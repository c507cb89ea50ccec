#include "sync_server/admin/programme.hpp"

#include <boost/json.hpp>
#include <map>

#include "common/base/civil_time.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/budget.hpp"
#include "sync_server/admin/records.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using ClearRecord = Registry::ClearRecord;

Result<std::vector<ClearRecord>> records_of(Registry& registry, const char* kind, const std::string& from = {}, const std::string& through = {}) {
  RecordFilter filter;
  filter.kind = kind;
  filter.from_date = from;
  filter.through_date = through;
  std::vector<ClearRecord> found;
  LANTAARN_TRY(registry.clear_records(filter, [&](const ClearRecord& record) -> Status {
    found.push_back(record);
    return {};
  }));
  return found;
}

json::object time_out_document(const std::vector<ClearRecord>& stays, const std::vector<model::Tariff>& tariffs, const CivilDate& today) {
  std::int64_t cents = 0, days = 0, open = 0, too_long = 0, ends_soon = 0;
  for (const ClearRecord& stay : stays) {
    const CivilDate from = from_day_number(stay.clear.day.value_or(0));
    const bool is_open = !stay.clear.until || *stay.clear.until >= to_day_number(today);
    const CivilDate through = stay.clear.until ? from_day_number(*stay.clear.until) : today;
    const int of_stay = model::stay_days(from, through);
    days += of_stay;
    cents += model::stay_cents(from, through, tariffs);
    open += is_open ? 1 : 0;
    const auto state = is_open ? model::stay_state(of_stay) : model::StayState::kFine;
    ends_soon += state == model::StayState::kEndsSoon ? 1 : 0;
    too_long += state == model::StayState::kTooLong ? 1 : 0;
  }
  return {{"stays", stays.size()}, {"open", open}, {"days", days}, {"cents", cents}, {"ends_soon", ends_soon}, {"too_long", too_long},
          {"cap", model::kStaysAYear}, {"above_cap", stays.size() > static_cast<std::size_t>(model::kStaysAYear)}};
}

json::object budget_document(const std::map<int, model::BudgetYear>& years, int year) {
  const auto found = years.find(year);
  const model::BudgetYear budget = found == years.end() ? model::BudgetYear{} : found->second;
  return {{"year", year}, {"granted_cents", budget.granted_cents}, {"spent_cents", budget.spent_cents}, {"balance_cents", budget.balance_cents()},
          {"overdrawn", budget.balance_cents() < 0}};
}

json::value known_minutes(const model::MinutesTotal& total) {
  return json::object{{"minutes", total.minutes}, {"unknown", total.unknown}};
}

// Activity × role; a cell nobody wrote is absent, one without a number is unknown, 0 is a stated nil.
json::object hours_document(const std::vector<ClearRecord>& hours) {
  std::map<std::pair<std::string, std::string>, model::MinutesTotal> cells;
  std::map<std::string, model::MinutesTotal> by_role;
  for (const ClearRecord& row : hours) {
    cells[{row.clear.code, row.clear.subcode}].add(row.clear.amount);
    by_role[row.clear.subcode].add(row.clear.amount);
  }
  json::array rows;
  for (const auto& [cell, total] : cells) {
    rows.push_back(json::object{{"activity", cell.first}, {"role", cell.second}, {"minutes", total.minutes}, {"unknown", total.unknown}});
  }
  json::object roles;
  for (const auto& [role, total] : by_role) roles[role] = known_minutes(total);
  return {{"rows", std::move(rows)}, {"by_role", std::move(roles)}};
}

json::object counted_by_code(const std::vector<ClearRecord>& records, bool by_subcode = false) {
  std::map<std::string, std::uint64_t> counts;
  for (const ClearRecord& record : records) ++counts[by_subcode ? record.clear.subcode : record.clear.code];
  json::object document;
  for (const auto& [code, count] : counts) document[code.empty() ? "not_stated" : code] = count;
  return document;
}

// Not ended by today: what is waited for, and for how long at most.
json::object waiting_document(const std::vector<ClearRecord>& records, const CivilDate& today, bool by_state) {
  std::uint64_t open = 0;
  int longest = 0;
  for (const ClearRecord& record : records) {
    const bool waits = by_state ? record.clear.subcode == "announced" || record.clear.subcode == "waiting" : !record.clear.until;
    if (!waits) continue;
    ++open;
    longest = std::max(longest, model::waiting_days(from_day_number(record.clear.day.value_or(0)), std::nullopt, today));
  }
  return {{"waiting", open}, {"longest_days", longest}};
}

std::uint64_t open_through(const std::vector<ClearRecord>& records, int today) {
  std::uint64_t open = 0;
  for (const ClearRecord& record : records) open += !record.clear.until || *record.clear.until >= today ? 1 : 0;
  return open;
}

std::uint64_t without(const std::vector<ClearRecord>& records, const char* subcode) {
  std::uint64_t found = 0;
  for (const ClearRecord& record : records) found += record.clear.subcode != subcode ? 1 : 0;
  return found;
}

}  // namespace

Result<json::object> programme_document(Registry& registry, const std::string& today_text, std::string from, std::string through) {
  const CivilDate today = parse_date(today_text).value_or(CivilDate{});
  const std::string year_begins = std::to_string(today.year) + "-01-01", year_ends = std::to_string(today.year) + "-12-31";
  if (from.empty() && through.empty()) {
    from = year_begins;
    through = year_ends;
  }
  LANTAARN_ASSIGN(const auto tariffs, time_out_tariffs(registry));
  LANTAARN_ASSIGN(const auto stays, records_of(registry, "time_out_stay", year_begins, year_ends));
  LANTAARN_ASSIGN(const auto budget, budget_years(registry));
  LANTAARN_ASSIGN(const auto visits, records_of(registry, "visit_count", from, through));
  LANTAARN_ASSIGN(const auto hours, records_of(registry, "hours", from, through));
  LANTAARN_ASSIGN(const auto referrals, records_of(registry, "referral"));
  LANTAARN_ASSIGN(const auto bottlenecks, records_of(registry, "bottleneck"));
  LANTAARN_ASSIGN(const auto escalations, records_of(registry, "escalation"));
  LANTAARN_ASSIGN(const auto handovers, records_of(registry, "handover"));
  LANTAARN_ASSIGN(const auto goals, records_of(registry, "goal"));
  LANTAARN_ASSIGN(const auto appointments, records_of(registry, "appointment", from, through));
  LANTAARN_ASSIGN(const auto risks, records_of(registry, "risk"));
  LANTAARN_ASSIGN(const auto planning, records_of(registry, "planning_step"));
  std::int64_t visited = 0;
  for (const ClearRecord& evening : visits) visited += evening.clear.amount.value_or(0);
  const int day = to_day_number(today);
  return json::object{{"time_out", time_out_document(stays, tariffs, today)},
                      {"flex_budget", budget_document(budget, today.year)},
                      {"visits", json::object{{"evenings", visits.size()}, {"visits", visited}}},
                      {"hours", hours_document(hours)},
                      {"referrals", json::object{{"by_state", counted_by_code(referrals, true)}, {"waiting", waiting_document(referrals, today, true)}}},
                      {"bottlenecks", json::object{{"by_kind", counted_by_code(bottlenecks)}, {"waiting", waiting_document(bottlenecks, today, false)}}},
                      {"escalations_open", open_through(escalations, day)},
                      {"handovers_open", without(handovers, "yes")},
                      {"goals", counted_by_code(goals, true)},
                      {"appointments", counted_by_code(appointments, true)},
                      {"risks", counted_by_code(risks)},
                      {"planning_open", without(planning, "yes")}};
}

}  // namespace lantaarn::server::admin
