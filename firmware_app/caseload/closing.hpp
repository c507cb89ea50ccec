#pragma once
// What was readable and was deleted must leave the files too, also when the power goes in between: a mark stands in the
// journal from the deletion until its write-ahead log is empty.

#include "firmware_app/caseload/companions.hpp"

namespace lantaarn::firmware {

/// To be saved in the same commit as the deletion.
[[nodiscard]] journal::Companion closing_due();
/// True when a readable copy was deleted whose bytes the file may still hold: the round is *not closed*.
[[nodiscard]] Result<bool> closing_is_due(journal::Journal& journal);
/// Makes good on it: empties the WAL, then forgets that it was due. At every start. kRetry "checkpoint_blocked" and
/// those of common/database: still due.
[[nodiscard]] Status finish_closing(journal::Journal& journal);

}  // namespace lantaarn::firmware
