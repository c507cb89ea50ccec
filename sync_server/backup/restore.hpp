#pragma once
// A server put back from its second copy. What is read is proved against the recovery key and then against itself: every
// signature by the authority keys that the copy holds, every event by its id, the whole by the digest of the day.

#include "sync_server/backup/archive.hpp"
#include "sync_server/backup/inbox_file.hpp"
#include "sync_server/backup/own_log_file.hpp"

namespace lantaarn::server::backup {

struct RestoreChoice {
  std::string backup = {};   ///< the beginning of its name or id; "": the newest
  bool accept_loss = false;
};

/// What will be put back.
struct RestorePlan {
  TargetHead head;
  Keyring keyring;
  pb::Manifest manifest;
  ShippedOwnLog own;          ///< empty when it is lost
  ShippedInbox inbox;
  std::uint32_t epoch = 0;    ///< to raise to
  std::vector<std::string> lost;  ///< what is missing and was accepted: "own_log", "inbox", "newer_backup"
};
/// Errors: those of the target; kRefused "recovery_key_wrong", "backup_none", "backup_not_found" {name}, and, unless the loss
/// is accepted, "restore_needs_log" (the own log is missing, damaged or shorter than it was), "restore_needs_inbox",
/// "restore_older" (a newer backup is there: handhelds may have let go of what it holds).
[[nodiscard]] Result<RestorePlan> plan_restore(TargetFiles& files, const RecoveryKey& recovery, const RestoreChoice& choice);

/// Identity with the raised epoch, the server's secrets, tickets and seal keys, into an empty registry. Durable.
[[nodiscard]] Status put_back_keys(Registry& registry, const RestorePlan& plan);

struct Restored {
  std::uint64_t entries = 0;
  bool compared = false;          ///< the digest was the backup's own; not so when keys were destroyed since
  Digest archive;                 ///< as the backup alone gives it
  std::uint64_t own_seq = 0;      ///< of the own log, replayed through
  std::uint64_t own_replayed = 0; ///< facts stated since the backup
  std::vector<inbox::Past> pasts; ///< what the new inbox begins with
};
/// After put_back_keys(), with the keys it put. `opens`: every sealing key there is. kRefused "restore_differs" when the
/// digest is another; "backup_key_missing" when a key is gone that no erasure explains (unless accepted); kCorrupt
/// "backup_damaged". The EpochRaised fact ends it; the registry stands as it will be served.
[[nodiscard]] Result<Restored> put_back_registry(Registry& registry, const ServerKeys& keys, const std::vector<const crypto::BoxKey*>& opens,
                                                 TargetFiles& files, const RestorePlan& plan, const RecoveryKey& recovery,
                                                 std::int64_t now_ms);

/// The inbox begins where the archive ends, and takes in what was shipped since. How many batches.
[[nodiscard]] Result<std::uint64_t> put_back_inbox(const std::string& path, Registry& registry, const RestorePlan& plan, const Restored& restored,
                                                   const char* vfs = nullptr);

}  // namespace lantaarn::server::backup
