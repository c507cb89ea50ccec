#include "firmware_app/cli/folder.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"
#include "firmware_app/caseload/own_codes.hpp"
#include "firmware_app/cli/answer.hpp"
#include "firmware_app/platform/disk_space.hpp"
#include "firmware_app/platform/pin_input.hpp"
#include "firmware_app/vault/secret_place.hpp"

namespace lantaarn::firmware::cli {
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

Result<std::string> data_folder(const Globals& globals) {
  if (!globals.data.empty()) return globals.data;
  if (const std::string base = set_variable("XDG_DATA_HOME"); !base.empty()) return base + "/lantaarn";
  if (const std::string home = set_variable("HOME"); !home.empty()) return home + "/.local/share/lantaarn";
  return refused("data_needed");
}

Result<NewFolder> open_or_make_folder(const Globals& globals, const std::string& secret) {
  LANTAARN_ASSIGN(std::string path, data_folder(globals));
  LANTAARN_TRY(make_folder(path));
  LANTAARN_ASSIGN(auto lock, database::FileLock::acquire(path + "/lock", kLockPatienceMs));
  LANTAARN_ASSIGN(const auto kept, choose_device_secret(path, secret));
  LANTAARN_ASSIGN(Vault vault, Vault::open(path + "/vault.db", *kept, program_vault_options()));
  return NewFolder{std::move(lock), std::move(path), std::move(vault)};
}

namespace {

// A vault that was wiped says so until it is enrolled anew.
Status check_not_wiped(Vault& vault) {
  LANTAARN_ASSIGN(const auto when, vault.wiped_at());
  return when ? refused("device_wiped", {to_amsterdam_text(*when)}) : Status{};
}

// What a start owes a wipe that was cut. Its last step too, when the server has heard of it.
Status go_on_wiping(Folder& folder) {
  LANTAARN_ASSIGN(const auto resumed, resume_wipe(folder.to_wipe()));
  folder.wiping = resumed.has_value();
  if (!folder.wiping) return {};
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

Result<std::unique_ptr<Folder>> open_folder(const Globals& globals, WhileWiping wiping) {
  LANTAARN_ASSIGN(const std::string path, data_folder(globals));
  if (!std::filesystem::exists(path + "/vault.db")) return refused("not_enrolled");
  LANTAARN_ASSIGN(auto lock, database::FileLock::acquire(path + "/lock", kLockPatienceMs));
  LANTAARN_ASSIGN(const auto secret, device_secret_of(path));
  LANTAARN_ASSIGN(Vault vault, Vault::open(path + "/vault.db", *secret, program_vault_options()));
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
                                                   Caseload::open(path + "/caseload.db"), SystemClock(), observation, path,
                                                   static_cast<std::uint64_t>(globals.warn_days)});
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

Result<crypto::SecretBytes> current_pin(const Globals& globals) {
  if (!globals.pin_file.empty()) return read_pin_file(globals.pin_file);
  return ask_pin(words::text("label:enter_pin"));
}

Result<crypto::SecretBytes> new_pin(const Globals& globals) {
  if (!globals.new_pin_file.empty()) return read_pin_file(globals.new_pin_file);
  if (!globals.pin_file.empty()) return read_pin_file(globals.pin_file);
  return other_pin(globals);
}

Result<crypto::SecretBytes> other_pin(const Globals& globals) {
  if (!globals.new_pin_file.empty()) return read_pin_file(globals.new_pin_file);
  LANTAARN_ASSIGN(auto first, ask_pin(words::text("label:new_pin")));
  LANTAARN_ASSIGN(const auto again, ask_pin(words::text("label:new_pin_again")));
  if (!crypto::equal(first.view(), again.view())) return refused("pin_mismatch");
  return first;
}

std::string Session::name_of(std::string_view client_id) const {
  for (const CaseCard& card : cards) {
    if (card.card.client_id() == client_id) return card.name();
  }
  return {};
}

namespace {

// An attempt is counted before it is judged: that takes room too.
Result<UnlockedUser> unlock(Folder& folder, const VaultUser& user, const crypto::SecretBytes& pin) {
  auto unlocked = folder.vault.unlock(user, pin, folder.clock.now());
  const bool is_full = !unlocked.ok() && unlocked.error().code == "disk_full";
  if (!is_full || !Reserve(folder.path).release()) return unlocked;
  return folder.vault.unlock(user, pin, folder.clock.now());
}

}  // namespace

Result<std::unique_ptr<Session>> open_session(const Globals& globals, Cards cards) {
  const bool with_cards = cards != Cards::kNone;
  LANTAARN_ASSIGN(auto folder, open_folder(globals));
  LANTAARN_ASSIGN(const VaultUser known, folder->vault.find_user(globals.user));
  LANTAARN_ASSIGN(const auto pin, current_pin(globals));
  LANTAARN_TRY(folder->leases);
  auto unlocked = unlock(*folder, known, pin);
  if (!unlocked.ok()) {
    // Slots that were destroyed took a lease with them.
    if (unlocked.error().code == "pin_destroyed") LANTAARN_TRY(drop_readable(folder->journal, folder->caseload, known.id));
    return std::move(unlocked).error();
  }
  UnlockedUser user = std::move(*unlocked);
  const JudgedClock clock(folder->clock, folder->clock_observation);
  auto session = std::unique_ptr<Session>(new Session{std::move(folder), std::move(user), clock, {}});
  LANTAARN_ASSIGN(session->own_codes, own_codes_of(session->folder->vault));
  know_own_codes(session->own_codes);
  LANTAARN_TRY(session->capture().begin_work(session->folder->caseload));
  if (session->user.access.lease_ended) {
    if (cards == Cards::kNeeded) return refused("lease_ended");
    return session;
  }
  if (!session->folder->caseload.ok()) {
    if (with_cards) return session->folder->caseload.error();
    return session;
  }
  auto loaded = load_cards(*session->folder->caseload, session->folder->journal, session->user);
  if (loaded.ok()) {
    session->cards = std::move(*loaded);
  } else if (with_cards) {
    return std::move(loaded).error();
  }
  return session;
}

}  // namespace lantaarn::firmware::cli
