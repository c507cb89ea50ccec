#pragma once
// The device secret in a TPM 2.0: 32 bytes that the chip sealed under a storage key it derives itself from its own seed, and
// that only this chip opens. What lies beside the vault is the sealed object; copied elsewhere it is worth nothing.
//
// No PIN goes to the chip and no PCR is asked for: whoever runs programs on this board can have it opened. What it takes
// away is trying PINs elsewhere, without the growing delay. Commands to the chip are encrypted (AES-128-CFB, salted with the
// storage key), so a probe on its bus does not read the secret.

#include "firmware_app/vault/device_secret.hpp"

namespace lantaarn::firmware {

/// The resource manager of the kernel.
inline constexpr char kTpmDevice[] = "device:/dev/tpmrm0";

class TpmDeviceSecret final : public DeviceSecret {
 public:
  /// `path` holds the sealed object; `tcti` names the chip as tpm2-tss does.
  explicit TpmDeviceSecret(std::string path, std::string tcti = kTpmDevice) : path_(std::move(path)), tcti_(std::move(tcti)) {}
  /// Whether a chip answers there.
  [[nodiscard]] static bool is_there(const std::string& tcti = kTpmDevice);
  /// Beside those of DeviceSecret: kRetry "tpm_unreachable"; kCorrupt "device_secret_wrong" when this chip did not seal it.
  [[nodiscard]] Result<crypto::Key> read() const override;
  [[nodiscard]] Result<crypto::Key> read_or_make() override;
  [[nodiscard]] bool is_hardware_held() const override { return true; }
  /// The sealed object goes; the chip keeps nothing of its own.
  [[nodiscard]] Status destroy() override { return destroy_secret_file(path_); }

 private:
  std::string path_;
  std::string tcti_;
};

}  // namespace lantaarn::firmware
