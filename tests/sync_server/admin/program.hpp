#pragma once
// The real lantaarn-server on a folder of its own.

#include <string>
#include <vector>

#include "tests/support/process.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::support {

class ServerProgram {
 public:
  [[nodiscard]] std::string data() const { return folder.file("data"); }
  [[nodiscard]] Finished run(std::vector<std::string> arguments, int timeout_ms = 60'000) const;
  /// Its standard output; fails the test when the exit code is not 0.
  [[nodiscard]] std::string told(std::vector<std::string> arguments) const;
  /// The code on standard error; fails the test when it was not refused with one JSON document.
  [[nodiscard]] std::string refusal(std::vector<std::string> arguments) const;
  /// init, Noor (coordinator), Anna (case manager), a woman, a handheld.
  void prepare() const;
  [[nodiscard]] std::vector<std::string> serve_arguments(const std::string& listen = "127.0.0.1:0") const;

  TempFolder folder;
};

/// `serve`, up and listening.
class ServingProgram {
 public:
  explicit ServingProgram(const ServerProgram& server);
  /// SIGTERM, then its end.
  Finished end();
  /// The gateway's process id: its only child.
  [[nodiscard]] int gateway_pid() const;

  Process process;
  std::string address;
};

/// Whether a process with this id is running.
[[nodiscard]] bool is_running(int pid);
/// Waits for the end of a process that is not this one's child.
[[nodiscard]] bool ends(int pid, int timeout_ms = 10'000);

}  // namespace lantaarn::support
