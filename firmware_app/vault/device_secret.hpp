#pragma once
// The device secret: 32 bytes that never leave this board if the board can help it. It wraps the device key and is
// mixed into every PIN. A file, a key in the kernel's keyring, or a TPM (tpm_secret.hpp); VAULT.md says what each is worth.

#include <string>

#include "common/base/result.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::firmware {

class DeviceSecret {
 public:
  virtual ~DeviceSecret() = default;
  /// The secret that is there. kCorrupt "device_secret_missing"; kStorage "disk_error".
  [[nodiscard]] virtual Result<crypto::Key> read() const = 0;
  /// The secret that is there, else a new one, durable on return. kStorage "disk_full" | "disk_error".
  [[nodiscard]] virtual Result<crypto::Key> read_or_make() = 0;
  /// What it wrapped can never be opened again. No error when there is none; the next read_or_make() makes another.
  [[nodiscard]] virtual Status destroy() = 0;
  /// Whether somebody with a copy of every file still lacks it: then a PIN may be shorter.
  [[nodiscard]] virtual bool is_hardware_held() const { return false; }
};

/// A file of 32 bytes, mode 0600, written aside and renamed into place.
class FileDeviceSecret final : public DeviceSecret {
 public:
  explicit FileDeviceSecret(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] Result<crypto::Key> read() const override;
  [[nodiscard]] Result<crypto::Key> read_or_make() override;
  /// Overwritten where it stands, then removed; durable on return.
  [[nodiscard]] Status destroy() override;

 private:
  std::string path_;
};

/// A "user" key in this user's keyring, put there at every boot by what the board has: a trusted key, an encrypted key of
/// its secure world, a script of its initial file system. It is only read here. How well the board keeps it this program
/// cannot know, so it counts as held by no hardware.
class KernelKeySecret final : public DeviceSecret {
 public:
  explicit KernelKeySecret(std::string description = kDescription) : description_(std::move(description)) {}
  static constexpr char kDescription[] = "lantaarn:device-secret";
  /// Also kCorrupt "device_secret_missing" where the kernel has no keyrings.
  [[nodiscard]] Result<crypto::Key> read() const override;
  /// Never makes one: it would be gone at the next boot.
  [[nodiscard]] Result<crypto::Key> read_or_make() override { return read(); }
  /// Until the next boot: what puts it there is the board's, and not this program's to undo.
  [[nodiscard]] Status destroy() override;

 private:
  std::string description_;
};

/// A whole small file, for its owner only. kCorrupt "device_secret_missing" when absent or longer than `bytes_max`;
/// kStorage "disk_error".
[[nodiscard]] Result<Bytes> read_secret_file(const std::string& path, std::size_t bytes_max);
/// Written aside, renamed into place, durable on return. kStorage "disk_full" | "disk_error".
[[nodiscard]] Status write_secret_file(const std::string& path, ByteView content);
/// Overwritten, then gone, durably; no error when there is none. kStorage "disk_error".
[[nodiscard]] Status destroy_secret_file(const std::string& path);

}  // namespace lantaarn::firmware
