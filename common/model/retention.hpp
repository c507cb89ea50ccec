#pragma once
// How long what is kept (BW 7:454). The customer's data protection impact assessment sets a term per class;
// these are the proposals it starts from. Viewing, links and key rotation never restart a term.

#include <optional>
#include <span>
#include <string_view>

#include "common/base/result.hpp"

namespace lantaarn::model {

struct RetentionTerm {
  std::string_view retention;  ///< class
  int days = 0;                ///< after what is counted from
};

/// - care: a closed dossier, 20 years (BW 7:454) from the last change of its content;
/// - programme: hours, money, risks and the like, 7 years from their day;
/// - attention: attention notes, from the day they end;
/// - unknown_person: contacts with nobody known, 30 days.
[[nodiscard]] std::span<const RetentionTerm> retention_terms();
/// kRefused "unknown_code" {"retention", typed, the list}.
[[nodiscard]] Status check_retention(std::string_view retention);
inline constexpr int kRetentionDaysMax = 40 * 366;

}  // namespace lantaarn::model
