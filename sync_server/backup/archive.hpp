#pragma once
// The archive: a registry's event store in sealed chunks, found again by what they hold. A backup writes those that are new.
// No key is in it: events lie as they do in the registry, under their owners' keys, which are in the keyring only.

#include <set>

#include "sync_server/backup/keyring_file.hpp"
#include "sync_server/backup/manifest.hpp"
#include "sync_server/inbox/inbox.hpp"
#include "sync_server/inbox/reader.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server::backup {

struct Made {
  pb::Manifest manifest;
  std::uint64_t new_chunks = 0;
  std::uint64_t new_bytes = 0;   ///< sealed, of the new chunks
  std::uint64_t bytes = 0;       ///< sealed, of all
};

/// What a backup is made of: reads of one moment.
struct Source {
  Registry& registry;
  std::vector<inbox::InboxChain> chains;  ///< of the inbox, through the registry's cursor
  const crypto::SignKey& authority;
  std::int64_t now_ms = 0;
};
/// Keyring first, then chunks, then the manifest: whatever is listed can be opened. Everything is verified after writing
/// and durable on return. An error leaves the target with the backups it had. Memory: one chunk, and the keyring.
[[nodiscard]] Result<Made> write_backup(TargetFiles& files, const TargetHead& target, const Source& source);

/// The registry's own key.
[[nodiscard]] Result<crypto::Key> data_key_of(Registry& registry);

/// The chunk's plain text. kCorrupt "backup_damaged"; kRefused "recovery_key_wrong".
[[nodiscard]] Result<Bytes> read_chunk(TargetFiles& files, const pb::ChunkRef& chunk, const crypto::BoxKey& recovery);

/// What replaying an archive met.
struct Replayed {
  pb::State state;
  std::uint64_t entries = 0;
  std::set<AggregateId> closed; ///< owners whose keys are gone: their events were given as dropped
};
/// Gives every entry to `sink`, opened. kCorrupt "backup_damaged" also when an event does not open though its key is there.
[[nodiscard]] Result<Replayed> replay_archive(TargetFiles& files, const pb::Manifest& manifest, const crypto::BoxKey& recovery,
                                              const Keyring& keyring, EntrySink& sink);

}  // namespace lantaarn::server::backup
