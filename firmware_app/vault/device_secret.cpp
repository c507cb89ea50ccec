#include "firmware_app/vault/device_secret.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
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
  LANTAARN_TRY(write_secret_file(path_, secret.view()));
  return secret;
}

Status FileDeviceSecret::destroy() { return destroy_secret_file(path_); }

Status KernelKeySecret::destroy() {
  const long key = ::syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", description_.c_str(), 0);
  if (key < 0) return {};
  return ::syscall(SYS_keyctl, KEYCTL_UNLINK, key, KEY_SPEC_USER_KEYRING) == 0 ? Status{} : Status(corrupt("device_secret_missing"));
}

Status destroy_secret_file(const std::string& path) {
  {
    const Descriptor opened(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (opened.value < 0) return errno == ENOENT ? Status{} : Status(disk_trouble(path));
    struct stat found {};
    if (::fstat(opened.value, &found) != 0) return disk_trouble(path);
    const Bytes zeros(static_cast<std::size_t>(found.st_size));
    if (::write(opened.value, zeros.data(), zeros.size()) != static_cast<ssize_t>(zeros.size())) return disk_trouble(path);
    if (::fsync(opened.value) != 0) return disk_trouble(path);
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return disk_trouble(path);
  return sync_folder_of(path);
}

Result<crypto::Key> KernelKeySecret::read() const {
  const long key = ::syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_USER_KEYRING, "user", description_.c_str(), 0);
  if (key < 0) return corrupt("device_secret_missing");
  crypto::Key secret;
  const long size = ::syscall(SYS_keyctl, KEYCTL_READ, key, secret.data(), crypto::Key::kBytes);
  if (size != static_cast<long>(crypto::Key::kBytes)) return corrupt("device_secret_missing");
  return secret;
}

Result<Bytes> read_secret_file(const std::string& path, std::size_t bytes_max) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (opened.value < 0) {
    if (errno == ENOENT) return corrupt("device_secret_missing");
    return disk_trouble(path);
  }
  Bytes content(bytes_max + 1);
  const auto got = ::read(opened.value, content.data(), content.size());
  if (got < 0) return disk_trouble(path);
  if (static_cast<std::size_t>(got) > bytes_max) return corrupt("device_secret_missing");
  content.resize(static_cast<std::size_t>(got));
  return content;
}

Status write_secret_file(const std::string& path, ByteView content) {
  const std::string aside = path + ".new";
  {
    const Descriptor opened(::open(aside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (opened.value < 0) return disk_trouble(path);
    if (::write(opened.value, content.data(), content.size()) != static_cast<ssize_t>(content.size())) return disk_trouble(path);
    if (::fsync(opened.value) != 0) return disk_trouble(path);
  }
  if (std::rename(aside.c_str(), path.c_str()) != 0) return disk_trouble(path);
  return sync_folder_of(path);
}

}  // namespace lantaarn::firmware
