#pragma once
// What becomes of each woman's guidance in the period, decided before anything is played: who comes into view, who
// leaves, whose intensity or first contact changes. Every other part asks here what holds on a day.

#include <climits>

#include "tools/programme/scenario.hpp"

namespace lantaarn::programme {

struct Life {
  Woman woman;                      ///< as she is at first
  int from = 0, closed = INT_MAX;   ///< in view from … before
  std::string closed_reason;
  int intensity_changes = INT_MAX;
  std::string later_intensity;
  int handed_over = INT_MAX;        ///< from then on `later_primary` is her first contact
  std::string later_primary;
  int contested = INT_MAX;          ///< her first contact and the coordinator change the same field that day, unseen
  bool is_new = false;              ///< added on a handheld
  bool is_settled = false;          ///< one such change a woman is enough

  [[nodiscard]] bool in_view(int day) const { return day >= from && day < closed; }
  [[nodiscard]] const std::string& intensity(int day) const { return day < intensity_changes ? woman.intensity : later_intensity; }
  [[nodiscard]] const std::string& primary(int day) const { return day < handed_over ? woman.primary : later_primary; }
  /// Her card is on this user's handheld, throughout.
  [[nodiscard]] bool is_carried_by(const std::string& user) const {
    return handed_over == INT_MAX && (woman.primary == user || woman.second == user);
  }
};

[[nodiscard]] std::vector<Life> lives_of(const Scenario& scenario);

}  // namespace lantaarn::programme
