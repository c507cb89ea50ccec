#pragma once
// Who may ask what: the programme's role table for the commands of today. Deny by default: a command that is not in the
// table does not exist, a role that is not in its row may not.

#include <string_view>

#include "common/base/result.hpp"

namespace lantaarn::server::admin {

/// How much a command shows of women's records.
enum class Opens {
  kNothing,     ///< no name of a woman: --as is optional, and obeyed when given
  kAllRecords,  ///< needs --as and --reason, is logged before it answers; this role sees every woman
  kOwnRecords,  ///< the same, but this role sees her own caseload only
};

/// What `role` (empty: nobody was named) may do with `command`.
/// Errors: kRefused "as_needed" (a person has to be named), "role_not_allowed".
[[nodiscard]] Result<Opens> authorise(std::string_view command, std::string_view role);

/// Whether a person and a reason have to be named for it.
[[nodiscard]] bool names_a_person(std::string_view command);

}  // namespace lantaarn::server::admin
