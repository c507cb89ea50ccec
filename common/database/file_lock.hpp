#pragma once
// One process at a time: an advisory lock on a file (flock(2)), released by the kernel when the process ends.

#include <string>

#include "common/base/result.hpp"

namespace lantaarn::database {

class FileLock {
 public:
  /// Waits up to `patience_ms`. Errors: kRetry "in_use" (another process holds it); kStorage "disk_error".
  [[nodiscard]] static Result<FileLock> acquire(const std::string& path, int patience_ms);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&&) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace lantaarn::database
