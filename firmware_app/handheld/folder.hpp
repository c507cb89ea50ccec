#pragma once
// One handheld's folder, opened for a command or for as long as the screens are there: lock, vault, journal, caseload.

#include <memory>

#include "common/database/file_lock.hpp"
#include "common/journal/journal.hpp"
#include "common/sync/sender.hpp"
#include "firmware_app/capture/capture.hpp"
#include "firmware_app/caseload/lease_end.hpp"
#include "firmware_app/custody/wipe.hpp"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware {

inline constexpr int kLockPatienceMs = 5000;

/// `asked`, else $XDG_DATA_HOME/lantaarn, else ~/.local/share/lantaarn. kRefused "data_needed" when none is known.
[[nodiscard]] Result<std::string> data_folder(const std::string& asked);

/// What an enrolment may work on: lock and vault, made when they are not there.
struct NewFolder {
  database::FileLock lock;
  std::string path;
  Vault vault;
};
/// `secret`: where a new one keeps its device secret (vault/secret_place.hpp).
[[nodiscard]] Result<NewFolder> open_or_make_folder(const std::string& path, const std::string& secret,
                                                   VaultOptions vault_options = program_vault_options());

/// The system's; a test puts its own in its place.
class FolderClock final : public Clock {
 public:
  FolderClock() : of_(std::make_shared<SystemClock>()) {}
  explicit FolderClock(std::shared_ptr<const Clock> of) : of_(std::move(of)) {}
  [[nodiscard]] ClockReading now() const override { return of_->now(); }

 private:
  std::shared_ptr<const Clock> of_;
};

/// An enrolled handheld. A round's end that could not be completed is retried as it opens, and leases that are over end.
struct Folder {
  database::FileLock lock;
  Vault vault;
  ServerFacts server;
  journal::Journal journal;
  Result<Caseload> caseload;  ///< a damaged caseload stops only what needs it
  FolderClock clock;
  std::optional<ClockObservation> clock_observation;
  std::string path = {};
  std::uint64_t warn_days = 0;  ///< room for fewer days of rounds is said
  Status leases{};            ///< whether what ended leases leave is gone: nobody unlocks before it is
  bool wiping = false;          ///< nobody can use it any more; it waits for a sync
  [[nodiscard]] WipeOf to_wipe() { return {vault, journal, caseload}; }
  [[nodiscard]] ClockReading now() const { return judge_clock(clock.now(), clock_observation); }
};
/// Which use goes on while a handheld is being wiped: a sync, which ends it, and what only looks.
enum class WhileWiping { kRefused, kGoesOn };
/// Goes on with a wipe that was begun before anything else is done. kRefused "not_enrolled" (nothing is made),
/// "device_wiped" {when}, "device_wiping"; kRetry "in_use".
[[nodiscard]] Result<std::unique_ptr<Folder>> open_folder(const std::string& path, std::uint64_t warn_days, WhileWiping wiping,
                                                          VaultOptions vault_options = program_vault_options());
/// The last step of a wipe that was reported: true when nothing is left. The folder is spent then.
[[nodiscard]] Result<bool> finish_wiping(Folder& folder);

/// Who the handheld is to its server, in a session and by hand.
[[nodiscard]] sync::SenderConfig sender_config(const ServerFacts& server, const Clock& clock);

}  // namespace lantaarn::firmware
