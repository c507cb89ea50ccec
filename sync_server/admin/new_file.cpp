#include "sync_server/admin/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace lantaarn::server::admin {
namespace {

Error not_written(const std::string& path) {
  return in_context(storage_error("file_not_written", {path}), std::strerror(errno));
}

// A new name is durable only once its folder is.
bool sync_folder_of(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  if (folder.empty()) folder = ".";
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return synced;
}

}  // namespace

Result<NewFile> NewFile::claim(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0 && errno == EEXIST) return refused("file_exists", {path});
  if (descriptor < 0) return not_written(path);
  return NewFile(path, descriptor);
}

NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)), filled_(other.filled_) {}

NewFile::~NewFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  if (!filled_) ::unlink(path_.c_str());
}

Status NewFile::fill(ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return not_written(path_);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  if (::fsync(descriptor_) != 0 || !sync_folder_of(path_)) return not_written(path_);
  filled_ = true;
  return {};
}

}  // namespace lantaarn::server::admin
