#include "sync_server/admin/budget.hpp"

#include "common/base/civil_time.hpp"

namespace lantaarn::server::admin {

Result<std::map<int, model::BudgetYear>> budget_years(Registry& registry) {
  std::map<int, model::BudgetYear> years;
  const auto add = [&](const char* kind, std::int64_t model::BudgetYear::*sum) {
    RecordFilter filter;
    filter.kind = kind;
    return registry.clear_records(filter, [&](const Registry::ClearRecord& record) -> Status {
      years[from_day_number(record.clear.day.value_or(0)).year].*sum += record.clear.amount.value_or(0);
      return {};
    });
  };
  LANTAARN_TRY(add("budget_grant", &model::BudgetYear::granted_cents));
  LANTAARN_TRY(add("budget_spending", &model::BudgetYear::spent_cents));
  return years;
}

Status check_budget(Registry& registry, const model::FieldValues& spending) {
  const auto value = [&](const char* field) {
    const auto found = spending.find(field);
    return found == spending.end() ? std::string() : found->second;
  };
  if (!value("override").empty()) return {};
  const auto date = parse_date(value("date"));
  if (!date) return refused("date_invalid");
  LANTAARN_ASSIGN(auto years, budget_years(registry));
  const std::int64_t left = years[date->year].balance_cents();
  if (left < std::stoll(value("cents"))) return refused("budget_overdrawn", {model::euros_text(left)});
  return {};
}

}  // namespace lantaarn::server::admin
