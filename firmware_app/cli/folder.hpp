#pragma once
// One handheld's folder, opened for one command: lock, vault, journal, caseload.

#include "common/database/file_lock.hpp"
#include "common/journal/journal.hpp"
#include "common/sync/sender.hpp"
#include "firmware_app/capture/capture.hpp"
#include "firmware_app/caseload/lease_end.hpp"
#include "firmware_app/cli/command_line.hpp"
#include "firmware_app/custody/wipe.hpp"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware::cli {

inline constexpr int kLockPatienceMs = 5000;

/// --data, else $XDG_DATA_HOME/lantaarn, else ~/.local/share/lantaarn. kRefused "data_needed" when none is known.
[[nodiscard]] Result<std::string> data_folder(const Globals& globals);

/// What an enrolment may work on: lock and vault, made when they are not there.
struct NewFolder {
  database::FileLock lock;
  std::string path;
  Vault vault;
};
/// `secret`: where a new one keeps its device secret (vault/secret_place.hpp).
[[nodiscard]] Result<NewFolder> open_or_make_folder(const Globals& globals, const std::string& secret);

/// An enrolled handheld. A round's end that could not be completed is retried as it opens, and leases that are over end.
struct Folder {
  database::FileLock lock;
  Vault vault;
  ServerFacts server;
  journal::Journal journal;
  Result<Caseload> caseload;  ///< a damaged caseload stops only what needs it
  SystemClock clock;
  std::optional<ClockObservation> clock_observation;
  std::string path = {};
  std::uint64_t warn_days = 0;  ///< room for fewer days of rounds is said
  Status leases{};            ///< whether what ended leases leave is gone: nobody unlocks before it is
  bool wiping = false;          ///< nobody can use it any more; it waits for a sync
  [[nodiscard]] WipeOf to_wipe() { return {vault, journal, caseload}; }
  [[nodiscard]] ClockReading now() const { return judge_clock(clock.now(), clock_observation); }
};
/// Which commands go on while a handheld is being wiped: a sync, which ends it, and what only looks.
enum class WhileWiping { kRefused, kGoesOn };
/// Goes on with a wipe that was begun before anything else is done. kRefused "not_enrolled" (nothing is made),
/// "device_wiped" {when}, "device_wiping"; kRetry "in_use".
[[nodiscard]] Result<std::unique_ptr<Folder>> open_folder(const Globals& globals, WhileWiping wiping = WhileWiping::kRefused);
/// The last step of a wipe that was reported: true when nothing is left. The folder is spent then.
[[nodiscard]] Result<bool> finish_wiping(Folder& folder);

/// Who the handheld is to its server, in a session and by hand.
[[nodiscard]] sync::SenderConfig sender_config(const ServerFacts& server, const Clock& clock);

/// --pin-file, else the terminal.
[[nodiscard]] Result<crypto::SecretBytes> current_pin(const Globals& globals);
/// --new-pin-file, else --pin-file, else the terminal, twice. kRefused "pin_mismatch".
[[nodiscard]] Result<crypto::SecretBytes> new_pin(const Globals& globals);
/// The same beside a current one: --new-pin-file, else the terminal, twice.
[[nodiscard]] Result<crypto::SecretBytes> other_pin(const Globals& globals);

/// A user at work: unlocked, with her cards.
struct Session {
  std::unique_ptr<Folder> folder;
  UnlockedUser user;
  JudgedClock clock;
  std::vector<CaseCard> cards;
  model::OwnCodes own_codes = {};  ///< the customer's

  [[nodiscard]] Capture capture() { return {folder->journal, user, folder->server, clock, cards, &own_codes}; }
  [[nodiscard]] std::string name_of(std::string_view client_id) const;
};
enum class Cards {
  kNone,    ///< a caseload that cannot be read leaves them empty
  kToLookUp,  ///< it is an error; without a lease they are empty all the same, and names are taken as typed
  kNeeded   ///< it is an error, and so is a lease that is over: kRefused "lease_ended"
};
/// Unlocks, saves the entry that says so, and takes away what a lease that is over, or a strict one, leaves nobody to read.
[[nodiscard]] Result<std::unique_ptr<Session>> open_session(const Globals& globals, Cards cards);

}  // namespace lantaarn::firmware::cli
