#pragma once
// One program in the place of another. restart() is in process_guard.hpp.

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace lantaarn::firmware {

/// This program's file and its loader.
[[nodiscard]] std::vector<std::string> own_program_files();

/// Begins the program of this name beside this one, in its place. Returns only an error: kRefused "program_missing" {name}.
[[nodiscard]] Status become(const std::string& program, const std::vector<std::string>& arguments);

}  // namespace lantaarn::firmware
