#pragma once
// Which files one command needs: everything else is closed to it (platform/process_guard.hpp).

#include "firmware_app/cli/command_line.hpp"
#include "firmware_app/platform/process_guard.hpp"

namespace lantaarn::firmware::cli {

/// The data folder, and every file that was named on the command line. A flag that names a file must be in the lists
/// there, or its command cannot open it.
[[nodiscard]] Reach reach_of(const Arguments& arguments);

}  // namespace lantaarn::firmware::cli
