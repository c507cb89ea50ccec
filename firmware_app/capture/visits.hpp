#pragma once
// The visits of a day: one record of a number about nobody, changed as it grows. The number stays readable for her who counts
// after the round has ended and after a sync, so that what she sees is the day's, not what came since.

#include "common/model/fields.hpp"
#include "firmware_app/caseload/companions.hpp"

namespace lantaarn::firmware {

struct VisitTally {
  std::string day;
  EventId record;
  int visits = 0;
};

[[nodiscard]] Result<std::optional<VisitTally>> kept_tally(journal::Journal& journal, const UnlockedUser& user);
[[nodiscard]] journal::Companion seal_tally(const UnlockedUser& user, const VisitTally& tally);
[[nodiscard]] journal::Companion removed_tally(const UnlockedUser& user);

}  // namespace lantaarn::firmware
