#include "sync_server/admin/new_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <cstdio>
#include <filesystem>

#include "common/crypto/random.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;

Error not_written(const std::string& path) {
  return in_context(storage_error("file_not_written", {path}), std::strerror(errno));
}

bool write_all(int descriptor, ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
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
  if (!write_all(descriptor_, content)) return not_written(path_);
  if (::fsync(descriptor_) != 0 || !sync_folder_of(path_)) return not_written(path_);
  filled_ = true;
  return {};
}

Result<WholeFile> WholeFile::begin(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) return refused("file_exists", {path});
  ByteArray<4> mark;
  crypto::fill_random(mark);
  const std::string beside = path + "." + to_hex(mark) + ".part";
  const int descriptor = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (descriptor < 0) return not_written(path);
  return WholeFile(path, beside, descriptor);
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)), beside_(std::exchange(other.beside_, {})), descriptor_(std::exchange(other.descriptor_, -1)),
      buffer_(std::move(other.buffer_)) {}

WholeFile::~WholeFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Status WholeFile::write(ByteView content) {
  append(buffer_, content);
  return buffer_.size() < kBufferBytes ? Status{} : flush();
}

Status WholeFile::flush() {
  if (!write_all(descriptor_, buffer_)) return not_written(path_);
  buffer_.clear();
  return {};
}

Status WholeFile::finish() {
  LANTAARN_TRY(flush());
  if (::fsync(descriptor_) != 0) return not_written(path_);
  // Gives the name only when nobody has it.
  if (::renameat2(AT_FDCWD, beside_.c_str(), AT_FDCWD, path_.c_str(), RENAME_NOREPLACE) != 0) {
    if (errno == EEXIST) return refused("file_exists", {path_});
    if (errno != EINVAL && errno != ENOSYS) return not_written(path_);
    if (::link(beside_.c_str(), path_.c_str()) != 0) return errno == EEXIST ? Status(refused("file_exists", {path_})) : Status(not_written(path_));
    ::unlink(beside_.c_str());
  }
  beside_.clear();
  if (sync_folder_of(path_)) return {};
  const Error failed = not_written(path_);
  ::unlink(path_.c_str());
  return failed;
}

}  // namespace lantaarn::server::admin
