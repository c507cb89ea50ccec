#pragma once
// Which files this process, and all it starts from here on, can still reach: Landlock (Linux 5.13; landlock(7)). What
// is open already stays open. Cannot be undone. A second call can only take more away.

#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/confine/reached.hpp"

namespace lantaarn::confine {

/// Each path is a file, or a folder with everything below it. One that does not exist is passed over. Whatever is in
/// neither list cannot be opened, listed, made, renamed or removed; nothing can be executed but what `execute` names.
struct FileRules {
  std::vector<std::string> read;
  std::vector<std::string> read_write;  ///< in folders also: make, rename and remove files and folders
  std::vector<std::string> execute;
  bool may_call = true;   ///< open TCP connections; false takes effect from Linux 6.7 on
  bool is_alone = false;  ///< no signals and no abstract sockets to processes outside (from Linux 6.12 on)
};

/// For the calling thread and those it makes later: call it while there is one. Needs close_to_others() before.
/// kBug "landlock …" when the kernel has it and refuses.
[[nodiscard]] Result<Reached> confine_files(const FileRules& rules);

/// `path` when it exists, else the nearest folder above it that does.
[[nodiscard]] std::string existing_part(const std::string& path);

}  // namespace lantaarn::confine
