#include "firmware_app/vault/secret_place.hpp"

#include <filesystem>

#include "firmware_app/vault/tpm_secret.hpp"

namespace lantaarn::firmware {
namespace {

constexpr std::size_t kPlaceBytesMax = 4096;
constexpr std::string_view kElsewhere = "file:/";

std::string place_file(const std::string& folder) { return folder + "/device.secret.place"; }

std::unique_ptr<DeviceSecret> secret_at(const std::string& folder, const std::string& place) {
  if (place == "file") return std::make_unique<FileDeviceSecret>(folder + "/device.secret");
  if (place == "kernel") return std::make_unique<KernelKeySecret>();
  if (place == "tpm") return std::make_unique<TpmDeviceSecret>(folder + "/device.secret.tpm");
  if (place.starts_with(kElsewhere)) return std::make_unique<FileDeviceSecret>(place.substr(kElsewhere.size() - 1));
  return nullptr;
}

}  // namespace

Result<std::unique_ptr<DeviceSecret>> device_secret_of(const std::string& folder) {
  const auto kept = read_secret_file(place_file(folder), kPlaceBytesMax);
  if (!kept.ok() && kept.error().code != "device_secret_missing") return kept.error();
  auto secret = secret_at(folder, kept.ok() ? to_string(*kept) : "file");
  if (!secret) return corrupt("device_secret_missing");
  return secret;
}

std::string secret_file_elsewhere(const std::string& folder, const std::string& choice) {
  const auto kept = read_secret_file(place_file(folder), kPlaceBytesMax);
  const bool has_vault = std::filesystem::exists(folder + "/vault.db");
  const std::string place = has_vault || choice.empty() ? (kept.ok() ? to_string(*kept) : "") : choice;
  return place.starts_with(kElsewhere) ? place.substr(kElsewhere.size() - 1) : "";
}

Result<std::unique_ptr<DeviceSecret>> choose_device_secret(const std::string& folder, const std::string& choice) {
  if (std::filesystem::exists(folder + "/vault.db")) return device_secret_of(folder);
  std::string place = choice;
  if (choice.empty() || choice == "auto") place = TpmDeviceSecret::is_there() ? "tpm" : "file";
  auto secret = secret_at(folder, place);
  if (!secret) return refused("device_secret_choice");
  if (place != "file" || std::filesystem::exists(place_file(folder))) LANTAARN_TRY(write_secret_file(place_file(folder), as_bytes(place)));
  return secret;
}

}  // namespace lantaarn::firmware
