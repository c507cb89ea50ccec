#pragma once
// From argv to Arguments: the contract of flags. Nothing else of the program knows the shell.

#include <string>
#include <variant>

#include "sync_server/admin/arguments.hpp"

namespace lantaarn::server::admin {

/// What holds for every command of one run.
struct Globals {
  std::string data;
  std::string key_file;
  bool json = false;
};

/// Something to print at once: help, the version (exit code 0), or what is wrong with the command line (2).
struct Said {
  int exit_code = 0;
  std::string text;
};

struct CommandLine {
  Globals globals;
  Arguments arguments;
};

/// Global flags may stand before or after the command. `json` is set whenever --json was among the arguments, also
/// when the rest is wrong.
[[nodiscard]] std::variant<CommandLine, Said> read_command_line(int count, const char* const* texts, bool& json);

}  // namespace lantaarn::server::admin
