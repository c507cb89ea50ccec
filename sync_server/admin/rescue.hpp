#pragma once
// What follows when a rescue file is in the inbox and merged: it is written down, said, and answered in a file of its own.

#include "sync_server/admin/rescue_intake.hpp"
#include "sync_server/admin/statements.hpp"

namespace lantaarn::server::admin {

/// Parts of logs that no one has any more are stated once (EntriesMissed), so that somebody looks at them.
[[nodiscard]] Status note_missed(Context& context);

/// The logs of which the server may have received something, for receipts.
[[nodiscard]] std::vector<LogId> logs_of(const RescueIntake& intake);

/// States RescueReceived, writes the answer file to --receipts (RESCUE.md; kRefused "file_exists", kStorage
/// "file_not_written") and makes the document. Everything of `intake` is stored and merged.
[[nodiscard]] Answer finish_rescue(Context& context, const RescueIntake& intake, const Arguments& arguments, StatementMaker& statements,
                                   const std::vector<sync::pb::SignedStatement>& receipts);

}  // namespace lantaarn::server::admin
