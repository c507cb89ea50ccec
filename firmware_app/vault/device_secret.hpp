#pragma once
// The device secret: 32 bytes that never leave this board if the board can help it. It wraps the device key and is
// mixed into every PIN. Issue C adds a TPM and a kernel key behind the same interface; here it is a file.

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

}  // namespace lantaarn::firmware
