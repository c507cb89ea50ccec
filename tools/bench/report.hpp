#pragma once
// What a measurement says: a value, the peer's value beside it, and whether the goal is met.

#include <optional>
#include <string>
#include <vector>

namespace lantaarn::bench {

struct Goal {
  enum class Of { kRatio, kValue };
  enum class Side { kAtLeast, kAtMost };
  Of of = Of::kRatio;
  Side side = Side::kAtLeast;
  double limit = 0;
};
[[nodiscard]] inline Goal ratio_at_least(double limit) { return {Goal::Of::kRatio, Goal::Side::kAtLeast, limit}; }
[[nodiscard]] inline Goal ratio_at_most(double limit) { return {Goal::Of::kRatio, Goal::Side::kAtMost, limit}; }
[[nodiscard]] inline Goal value_at_least(double limit) { return {Goal::Of::kValue, Goal::Side::kAtLeast, limit}; }
[[nodiscard]] inline Goal value_at_most(double limit) { return {Goal::Of::kValue, Goal::Side::kAtMost, limit}; }

/// One line of the table. A goal on a ratio whose peer is not installed is neither met nor missed.
struct Row {
  std::string name;
  double value = 0;
  std::string unit;
  std::string peer;                 ///< empty: measured against the goal alone; "rsync over ssh: not installed"
  std::optional<double> peer_value; ///< in the same unit
  Goal goal;

  [[nodiscard]] std::optional<double> ratio() const;
  [[nodiscard]] std::optional<bool> met() const;
};

void print_table(const std::vector<Row>& rows);
/// One JSON array of {"name","value","unit","peer","peer_value","ratio","goal","met"}.
void print_json(const std::vector<Row>& rows);

}  // namespace lantaarn::bench
