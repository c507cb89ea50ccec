#pragma once
// The flex budget: a yearly grant, what was spent of it, and what is left. Sums of what stands in clear.

#include <map>

#include "common/model/fields.hpp"
#include "common/model/rules.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

/// By calendar year.
[[nodiscard]] Result<std::map<int, model::BudgetYear>> budget_years(Registry& registry);

/// kRefused "budget_overdrawn" {what is left, in euros} when this spending takes more than its year has, and no reason is
/// given ("override"). What a handheld wrote down was spent: it is never refused, only shown.
[[nodiscard]] Status check_budget(Registry& registry, const model::FieldValues& spending);

}  // namespace lantaarn::server::admin
