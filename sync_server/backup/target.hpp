#pragma once
// A target: the place of one server's second copy. Its head says whose it is and to which recovery key it is sealed.

#include "sync_server/backup/recovery_key.hpp"
#include "sync_server/backup/signed_file.hpp"
#include "sync_server/backup/target_files.hpp"

namespace lantaarn::server::backup {

using TargetId = Id<struct TargetTag>;
using BackupId = Id<struct BackupTag>;

struct TargetHead {
  ServerId server;
  TargetId target;
  RecoveryPublic recovery;
  std::int64_t made_at_ms = 0;
};

/// What a server remembers of its target; a setting of its registry.
struct TargetSetting {
  std::string path;
  TargetId target;
};
[[nodiscard]] Result<std::optional<TargetSetting>> stored_target(Registry& registry);
[[nodiscard]] Status put_target(Change& change, const TargetSetting& setting);

/// A new target. kRefused "target_taken" when another second copy lies there.
[[nodiscard]] Status make_target(TargetFiles& files, const TargetHead& head, const crypto::SignKey& authority);
/// kStorage "target_unreachable" also when there is no head: what is not mounted is not an empty target.
/// kCorrupt "backup_damaged"; kRefused "backup_newer". Without `authority` nobody's signature is asked for.
[[nodiscard]] Result<TargetHead> read_target(TargetFiles& files, const AuthorityKeys* authority);

}  // namespace lantaarn::server::backup
