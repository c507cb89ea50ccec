#pragma once
// One command from start to answer, in whichever way the folder allows: through the server that is running on it, or by
// opening it here.

#include "common/base/clock.hpp"
#include "sync_server/admin/command_line.hpp"
#include "sync_server/admin/output.hpp"

namespace lantaarn::server::admin {

/// How long a command waits for another one to let go of the folder.
inline constexpr int kLockPatienceMs = 5000;

/// Files of the answer are written when this returns: 0600, claimed before anything was done, never over an existing one.
/// kRetry "in_use" when another command holds the folder too long; else the command's own errors.
[[nodiscard]] Answer ask(const Globals& globals, const Arguments& arguments, const Clock& clock);

}  // namespace lantaarn::server::admin
