#pragma once
// Where a handheld keeps its device secret: chosen once, at enrolment, and written down beside the vault in
// device.secret.place ("file", "file:/PATH", "kernel" or "tpm"; absent: "file", which is device.secret beside the vault).

#include <memory>

#include "firmware_app/vault/device_secret.hpp"

namespace lantaarn::firmware {

/// The one that was chosen; a file beside the vault when nothing was. kCorrupt "device_secret_missing" when what is written
/// there cannot be understood; kStorage "disk_error".
[[nodiscard]] Result<std::unique_ptr<DeviceSecret>> device_secret_of(const std::string& folder);

/// For a folder without a vault: keeps `choice` ("" or "auto": a TPM that answers, else the file), durable on return. A
/// folder with a vault keeps what it has. kRefused "device_secret_choice" for anything else than auto, file, file:/PATH,
/// kernel, tpm; those of device_secret_of().
[[nodiscard]] Result<std::unique_ptr<DeviceSecret>> choose_device_secret(const std::string& folder, const std::string& choice);

/// The file elsewhere that device_secret_of(), or choose_device_secret() with this choice, would use; "" when none.
[[nodiscard]] std::string secret_file_elsewhere(const std::string& folder, const std::string& choice);

}  // namespace lantaarn::firmware
