#pragma once
// One command from start to answer, in whichever way the folder allows: through the server that is running on it, or by
// opening it here.

#include "common/base/clock.hpp"
#include "sync_server/admin/command_line.hpp"
#include "sync_server/admin/context.hpp"
#include "sync_server/admin/output.hpp"

namespace lantaarn::server::admin {

/// How long a command waits for another one to let go of the folder.
inline constexpr int kLockPatienceMs = 5000;

/// Files of the answer are written when this returns: 0600, claimed before anything was done, never over an existing one.
/// kRetry "in_use" when another command holds the folder too long; else the command's own errors.
/// `also`: commands of rooms above this one; nothing when it is not one of theirs.
using AlsoRun = std::function<std::optional<Answer>(Context&, const Arguments&)>;
[[nodiscard]] Answer ask(const Globals& globals, const Arguments& arguments, const Clock& clock, const AlsoRun& also = {});

}  // namespace lantaarn::server::admin
