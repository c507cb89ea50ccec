#include "common/database/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <thread>

namespace lantaarn::database {

Result<FileLock> FileLock::acquire(const std::string& path, int patience_ms) {
  const std::string name = std::filesystem::path(path).filename().string();
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return storage_error("disk_error", {name});
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (std::chrono::steady_clock::now() >= until) {
      ::close(descriptor);
      return retry("in_use");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return FileLock(descriptor);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace lantaarn::database
