#include "firmware_app/handheld/folder.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "common/base/civil_time.hpp"
#include "firmware_app/platform/disk_space.hpp"
#include "firmware_app/vault/secret_place.hpp"

namespace lantaarn::firmware {
namespace {

std::string set_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

// A folder that is made here is for its owner only; one that exists keeps what its owner chose.
Status make_folder(const std::string& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (failed) return storage_error("disk_error", {path});
  return {};
}

}  // namespace

Result<std::string> data_folder(const std::string& asked) {
  if (!asked.empty()) return asked;
  if (const std::string base = set_variable("XDG_DATA_HOME"); !base.empty()) return base + "/lantaarn";
  if (const std::string home = set_variable("HOME"); !home.empty()) return home + "/.local/share/lantaarn";
  return refused("data_needed");
}

Result<NewFolder> open_or_make_folder(const std::string& path, const std::string& secret, VaultOptions vault_options) {
  LANTAARN_TRY(make_folder(path));
  LANTAARN_ASSIGN(auto lock, database::FileLock::acquire(path + "/lock", kLockPatienceMs));
  LANTAARN_ASSIGN(const auto kept, choose_device_secret(path, secret));
  LANTAARN_ASSIGN(Vault vault, Vault::open(path + "/vault.db", *kept, std::move(vault_options)));
  return NewFolder{std::move(lock), path, std::move(vault)};
}

namespace {

// A vault that was wiped says so until it is enrolled anew.
Status check_not_wiped(Vault& vault) {
  LANTAARN_ASSIGN(const auto when, vault.wiped_at());
  return when ? refused("device_wiped", {to_amsterdam_text(*when)}) : Status{};
}

// What a start owes a wipe that was cut. Its last step too, when the server has heard of it.
Status go_on_wiping(Folder& folder) {
  auto resumed = resume_wipe(folder.to_wipe());
  if (!resumed.ok() && resumed.error().code == "disk_full" && Reserve(folder.path).release()) resumed = resume_wipe(folder.to_wipe());
  // What cannot go yet stops nothing but ordinary work: a sync brings out what waits, and tells.
  folder.wiping = !resumed.ok() || resumed->has_value();
  if (!folder.wiping || !resumed.ok()) return {};
  LANTAARN_ASSIGN(const bool finished, finish_wiping(folder));
  return finished ? check_not_wiped(folder.vault) : Status{};
}

}  // namespace

Result<bool> finish_wiping(Folder& folder) {
  LANTAARN_ASSIGN(const auto secret, device_secret_of(folder.path));
  LANTAARN_ASSIGN(const bool finished, finish_wipe(folder.to_wipe(), *secret, folder.clock.now().wall_ms));
  if (!finished || folder.caseload.ok()) return finished;
  // A caseload that was damaged could not be emptied.
  std::error_code ignored;
  for (const char* name : {"/caseload.db", "/caseload.db-wal", "/caseload.db-shm"}) std::filesystem::remove(folder.path + name, ignored);
  return finished;
}

Result<std::unique_ptr<Folder>> open_folder(const std::string& path, std::uint64_t warn_days, WhileWiping wiping, VaultOptions vault_options) {
  if (!std::filesystem::exists(path + "/vault.db")) return refused("not_enrolled");
  LANTAARN_ASSIGN(auto lock, database::FileLock::acquire(path + "/lock", kLockPatienceMs));
  LANTAARN_ASSIGN(const auto secret, device_secret_of(path));
  LANTAARN_ASSIGN(Vault vault, Vault::open(path + "/vault.db", *secret, std::move(vault_options)));
  LANTAARN_TRY(check_not_wiped(vault));
  LANTAARN_ASSIGN(ServerFacts server, vault.server());
  LANTAARN_ASSIGN(auto journal, journal::Journal::open(path + "/journal.db", server.device));
  LANTAARN_ASSIGN(const auto observation, vault.clock_observation());
  // Still owed when it fails: status says so, and the next start tries again.
  static_cast<void>(finish_closing(journal));
  Reserve reserve(path);
  reserve.tend();
  journal.on_full_disk([reserve]() mutable { return reserve.release(); });
  auto folder = std::unique_ptr<Folder>(new Folder{std::move(lock), std::move(vault), std::move(server), std::move(journal),
                                                   Caseload::open(path + "/caseload.db"), FolderClock(), observation, path,
                                                   warn_days});
  LANTAARN_TRY(go_on_wiping(*folder));
  if (folder->wiping && wiping == WhileWiping::kRefused) return refused("device_wiping");
  folder->leases = end_due_leases(folder->vault, folder->journal, folder->caseload, folder->clock.now());
  return folder;
}

sync::SenderConfig sender_config(const ServerFacts& server, const Clock& clock) {
  sync::SenderConfig config;
  config.device = server.device;
  config.authority_key = server.authority_key;
  config.epoch = server.epoch;
  config.app_version = LANTAARN_VERSION;
  config.clock = clock.now();
  config.server = server.server;
  config.recovery_key = server.recovery_key;
  config.keys_generation = server.keys_generation;
  config.sealing_number = server.sealing_key_number;
  return config;
}

}  // namespace lantaarn::firmware
