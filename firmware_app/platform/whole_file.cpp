#include "firmware_app/platform/whole_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace lantaarn::firmware {
namespace {

Error not_written(const std::string& path) { return storage_error("file_not_written", {path}); }

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// A name is durable once its folder is.
Status sync_folder(const std::string& path) {
  const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return not_written(path);
  const bool synced = ::fsync(folder) == 0;
  ::close(folder);
  return synced ? Status() : not_written(path);
}

}  // namespace

Result<WholeFile> WholeFile::begin(const std::string& path) {
  if (std::filesystem::exists(path)) return refused("file_exists", {path});
  std::string beside = path + ".part-XXXXXX";
  const int descriptor = ::mkostemp(beside.data(), O_CLOEXEC);
  if (descriptor < 0) return not_written(path);
  return WholeFile(path, std::move(beside), descriptor);
}

WholeFile::WholeFile(WholeFile&& other) noexcept
    : path_(std::move(other.path_)), beside_(std::exchange(other.beside_, {})), descriptor_(std::exchange(other.descriptor_, -1)) {}

WholeFile::~WholeFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

Status WholeFile::write(ByteView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor_, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return not_written(path_);
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

// A file system of a stick may know no hard links: whoever made the name meanwhile is looked for once more.
Status WholeFile::finish() {
  if (::fsync(descriptor_) != 0) return not_written(path_);
  if (std::filesystem::exists(path_)) return refused("file_exists", {path_});
  if (std::rename(beside_.c_str(), path_.c_str()) != 0) return not_written(path_);
  beside_.clear();
  return sync_folder(path_);
}

Result<ScratchFolder> ScratchFolder::beside(const std::string& path) {
  std::string made = folder_of(path) + "/.lantaarn-XXXXXX";
  if (::mkdtemp(made.data()) == nullptr) return not_written(path);
  return ScratchFolder(std::move(made));
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace lantaarn::firmware
