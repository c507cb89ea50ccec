#pragma once
// From argv to Arguments: the contract of commands and flags. Nothing else of the program knows the shell.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace lantaarn::firmware::cli {

/// What holds for every command of one run.
struct Globals {
  std::string data;
  std::string user;
  std::string pin_file;
  std::string new_pin_file;
  int warn_days = 14;  ///< room for fewer days of rounds is said
  bool json = false;
};

struct Arguments {
  Globals globals;
  std::string command;  ///< "round start"
  std::map<std::string, std::vector<std::string>, std::less<>> values;

  [[nodiscard]] bool has(std::string_view name) const { return values.find(name) != values.end(); }
  /// The one value given; "" when absent.
  [[nodiscard]] std::string one(std::string_view name) const;
  [[nodiscard]] std::optional<std::string> maybe(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
};

/// Something to print at once: help, the version (exit code 0), or what is wrong with the command line (2).
struct Said {
  int exit_code = 0;
  std::string text;
};

/// Global flags may stand before or after the command. `json` is set whenever --json was among the arguments, also
/// when the rest is wrong.
[[nodiscard]] std::variant<Arguments, Said> read_command_line(int count, const char* const* texts, bool& json);

}  // namespace lantaarn::firmware::cli
