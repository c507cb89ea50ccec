#include "firmware_app/vault/device_secret.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "common/crypto/random.hpp"

namespace lantaarn::firmware {
namespace {

struct Descriptor {
  explicit Descriptor(int opened) : value(opened) {}
  ~Descriptor() {
    if (value >= 0) ::close(value);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int value;
};

Error disk_trouble(const std::string& path) {
  return storage_error(errno == ENOSPC || errno == EDQUOT ? "disk_full" : "disk_error",
                       {std::filesystem::path(path).filename().string()});
}

Status sync_folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path().string();
  const Descriptor opened(::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.value < 0 || ::fsync(opened.value) != 0) return disk_trouble(path);
  return {};
}

}  // namespace

Result<crypto::Key> FileDeviceSecret::read() const {
  const Descriptor opened(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (opened.value < 0) {
    if (errno == ENOENT) return corrupt("device_secret_missing");
    return disk_trouble(path_);
  }
  crypto::Key secret;
  const auto got = ::read(opened.value, secret.data(), crypto::Key::kBytes);
  if (got < 0) return disk_trouble(path_);
  if (static_cast<std::size_t>(got) != crypto::Key::kBytes) return corrupt("device_secret_missing");
  return secret;
}

Result<crypto::Key> FileDeviceSecret::read_or_make() {
  auto there = read();
  if (there.ok() || there.error().code != "device_secret_missing") return there;
  auto secret = crypto::random_secret<crypto::Key::kBytes>();
  const std::string aside = path_ + ".new";
  {
    const Descriptor opened(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (opened.value < 0) return disk_trouble(path_);
    if (::write(opened.value, secret.data(), crypto::Key::kBytes) != static_cast<ssize_t>(crypto::Key::kBytes)) return disk_trouble(path_);
    if (::fsync(opened.value) != 0) return disk_trouble(path_);
  }
  if (std::rename(aside.c_str(), path_.c_str()) != 0) return disk_trouble(path_);
  LANTAARN_TRY(sync_folder_of(path_));
  return secret;
}

Status FileDeviceSecret::destroy() {
  {
    const Descriptor opened(::open(path_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (opened.value < 0) return errno == ENOENT ? Status{} : Status(disk_trouble(path_));
    const ByteArray<crypto::Key::kBytes> zeros{};
    if (::write(opened.value, zeros.data(), zeros.size()) != static_cast<ssize_t>(zeros.size())) return disk_trouble(path_);
    if (::fsync(opened.value) != 0) return disk_trouble(path_);
  }
  if (::unlink(path_.c_str()) != 0 && errno != ENOENT) return disk_trouble(path_);
  return sync_folder_of(path_);
}

}  // namespace lantaarn::firmware
