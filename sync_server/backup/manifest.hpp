#pragma once
// One backup: which chunks make it, what the registry's digest was, how far its own log reached.

#include "sync_server/backup/backup.pb.h"
#include "sync_server/backup/target.hpp"

namespace lantaarn::server::backup {

struct NamedManifest {
  std::string name;  ///< in kBackupsFolder: time of making and the beginning of its id
  pb::Manifest manifest;
};

[[nodiscard]] std::string manifest_name(const pb::Manifest& manifest);
[[nodiscard]] std::string chunk_name(const pb::ChunkRef& chunk);

/// Verified after writing; durable. From then on the backup exists.
[[nodiscard]] Status put_manifest(TargetFiles& files, const pb::Manifest& manifest, const crypto::SignKey& authority);
/// Oldest first. One that cannot be read or is not this target's counts in `damaged`, by name. Without `authority` nobody's
/// signature is asked for.
struct Manifests {
  std::vector<NamedManifest> good;
  std::vector<std::string> damaged;
};
[[nodiscard]] Result<Manifests> read_manifests(TargetFiles& files, const TargetHead& target, const AuthorityKeys* authority);

}  // namespace lantaarn::server::backup
