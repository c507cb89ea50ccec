#pragma once
// Real programs in tests. A Process is killed, with all it started, when the object goes; nothing outlives a test.

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace lantaarn::support {

struct ProcessOptions {
  std::string input;                                        ///< what standard input holds, whole
  std::vector<std::pair<std::string, std::string>> env;     ///< added to (or replacing in) the environment
  std::string folder;                                       ///< working directory; empty: the test's
};

struct Finished {
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;      ///< 0 when it ended by itself
  bool timed_out = false;  ///< it did not end in time and was killed
  std::string out;
  std::string err;
};

class Process {
 public:
  /// `arguments` without the program itself. Throws std::runtime_error when it cannot be started.
  Process(const std::string& program, const std::vector<std::string>& arguments, const ProcessOptions& options = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] int pid() const { return pid_; }
  /// The first line of standard output that begins with `prefix`, without its line end; nothing when the time is up or
  /// the program ended without it.
  [[nodiscard]] std::optional<std::string> wait_for_line(const std::string& prefix, int timeout_ms = 20'000);
  /// To the program only.
  void send_signal(int signal) const;
  /// SIGKILL to the program and everything it started, then wait().
  Finished kill_now();
  /// Waits for the end; kills after `timeout_ms`. Safe to call again.
  Finished wait(int timeout_ms = 60'000);
  [[nodiscard]] std::string out_so_far();

 private:
  void collect(int out_pipe, int err_pipe);
  int pid_ = -1;
  int pid_handle_ = -1;
  std::optional<Finished> finished_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string out_;
  std::string err_;
  bool ended_ = false;
  std::thread reader_;
};

/// Start, wait, done.
[[nodiscard]] Finished run(const std::string& program, const std::vector<std::string>& arguments,
                           const ProcessOptions& options = {}, int timeout_ms = 60'000);

/// Where this build put a program: program_path("lantaarn-server").
[[nodiscard]] std::string program_path(const std::string& name);
/// A file of the source tree: source_path("tests/vectors/noise.json").
[[nodiscard]] std::string source_path(const std::string& path);

}  // namespace lantaarn::support
