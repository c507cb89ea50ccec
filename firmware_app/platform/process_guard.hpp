#pragma once
// What this process denies others, and itself. Three steps: guard_process() before anything secret is read,
// confine_process() once it is known which files this run needs, restart() to lock: a new program image knows nothing.
// How far each got is in protection(), which `lantaarn status` shows.

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/confine/memory.hpp"
#include "common/confine/reached.hpp"

namespace lantaarn::firmware {

struct Protection {
  confine::Locked memory = confine::Locked::kNothing;
  confine::Reached files = confine::Reached::kNotByKernel;
  confine::Reached system_calls = confine::Reached::kNotByKernel;
};
/// As reached so far by this process.
[[nodiscard]] const Protection& protection();

/// No core files, no reading of its memory by others, no new privileges, umask 077, memory locked as far as allowed.
/// kBug when the kernel refuses, which it does not.
[[nodiscard]] Status guard_process();

/// What one run of the program needs beside what every run needs (its own libraries and words, /etc and what the
/// resolver reads, the terminal, its own entries in /proc, the TPM).
struct Reach {
  std::vector<std::string> read;        ///< files or folders; one that does not exist is passed over
  std::vector<std::string> read_write;  ///< the same
  bool restarts = false;                ///< will call restart()
  bool shows = false;                   ///< has a screen: fonts, display, input devices, the board's light and motor
};

/// Landlock, then seccomp; for good. Nothing happens in a process that restart() has begun: it is confined already.
/// LANTAARN_ALSO_FILES (colon-separated) adds paths: for what is preloaded into a program under test. Who sets a
/// program's environment could as well start another one.
/// kBug when the kernel has them and refuses.
[[nodiscard]] Status confine_process(const Reach& reach);

/// Begins this program again with these arguments (without its name), in the same process and the same confinement.
/// Nothing of the memory there was can be read afterwards: so locking needs no trust in every copy being wiped. All
/// descriptors but the standard three are closed. Returns only an error (kBug).
[[nodiscard]] Status restart(const std::vector<std::string>& arguments);

}  // namespace lantaarn::firmware
