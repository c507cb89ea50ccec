#pragma once
// Inside this room: what restart() has to be allowed to execute.

#include <string>
#include <vector>

namespace lantaarn::firmware {

/// This program's file and its loader.
[[nodiscard]] std::vector<std::string> own_program_files();

}  // namespace lantaarn::firmware
