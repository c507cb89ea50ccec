#pragma once
// A server put back from its second copy, and what the person at the keyboard asks of a target. All of it runs in her own
// process: the recovery key is never in the one that serves.

#include <functional>

#include "common/base/clock.hpp"
#include "sync_server/admin/arguments.hpp"
#include "sync_server/admin/command_line.hpp"
#include "sync_server/admin/folder.hpp"
#include "sync_server/admin/output.hpp"
#include "sync_server/backup/restore.hpp"

namespace lantaarn::server::admin {

struct PutBack {
  backup::Restored restored;
  std::uint64_t batches = 0;      ///< received since the backup, taken in again
  Digest digest;                  ///< of the registry as it stands now
};
/// Into `folder`, which must not be there, or be empty (kRefused "folder_not_empty"). It is there whole at the end, with a
/// data key of its own, or not at all. Errors: those of backup::put_back_…; kStorage "file_not_written".
[[nodiscard]] Result<PutBack> put_back(const Folder& folder, const std::string& key_file, backup::TargetFiles& files, const backup::RestorePlan& plan,
                                       const backup::RecoveryKey& recovery, std::int64_t now_ms);

using AskServer = std::function<Answer(const Arguments&)>;
[[nodiscard]] Answer restore_server(const Globals& globals, const Arguments& arguments, const Clock& clock);
[[nodiscard]] Answer list_backups(const AskServer& ask_server);
[[nodiscard]] Answer verify_backups(const AskServer& ask_server);
[[nodiscard]] Answer drill_restore(const Globals& globals, const Arguments& arguments, const Clock& clock, const AskServer& ask_server);

}  // namespace lantaarn::server::admin
