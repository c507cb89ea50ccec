#include "firmware_app/platform/disk_space.hpp"

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace lantaarn::firmware {
namespace {

/// It is made when it is no more than a small part of what is free, and given up before a save would fail.
constexpr std::uint64_t kRoomToMake = 8 * kReserveBytes;
constexpr std::uint64_t kRoomToSave = 256 * 1024;

}  // namespace

Result<std::uint64_t> free_disk_bytes(const std::string& folder) {
  struct statvfs disk {};
  if (::statvfs(folder.c_str(), &disk) != 0) return storage_error("disk_error", {folder});
  return static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
}

std::uint64_t days_left(std::uint64_t free_bytes, std::uint64_t rounds, std::uint64_t bytes) {
  const std::uint64_t average = rounds == 0 ? 0 : bytes / rounds;
  return std::min(free_bytes / std::max(kRoundBytesMin, kRoundOverhead * average), kDaysShownMax);
}

bool Reserve::is_kept() const {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path_, failed);
  return !failed && size >= kReserveBytes;
}

void Reserve::tend() {
  const auto room = free_disk_bytes(folder_);
  if (!room.ok()) return;
  if (*room < kRoomToSave) {
    release();
    return;
  }
  if (*room < kRoomToMake || is_kept()) return;
  const int descriptor = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return;
  const bool made = ::posix_fallocate(descriptor, 0, static_cast<off_t>(kReserveBytes)) == 0;
  ::close(descriptor);
  if (!made) ::unlink(path_.c_str());
}

bool Reserve::release() {
  if (::unlink(path_.c_str()) != 0) return false;
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return true;
  ::fsync(folder);
  ::close(folder);
  return true;
}

}  // namespace lantaarn::firmware
