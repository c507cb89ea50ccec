#include "sync_server/backup/manifest.hpp"

#include <algorithm>

#include "common/model/event.hpp"
#include "sync_server/backup/shipped_file.hpp"

namespace lantaarn::server::backup {
namespace {

constexpr std::size_t kNameIdBytes = 8;
constexpr std::size_t kInstantDigits = 15;

bool is_whole(const pb::Manifest& manifest, const TargetHead& target) {
  const bool ids = BackupId::from(manifest.backup_id()) && manifest.server_id() == model::id_field(target.server) &&
                   manifest.target_id() == model::id_field(target.target);
  const bool hashes = manifest.digest().size() == sizeof(Hash) && manifest.own_hash().size() == sizeof(Hash);
  return ids && hashes && std::all_of(manifest.chunks().begin(), manifest.chunks().end(), [](const pb::ChunkRef& chunk) {
           return chunk.hash().size() == sizeof(Hash) && chunk.mark().size() == kMarkBytes;
         });
}

}  // namespace

// Names sort by time.
std::string manifest_name(const pb::Manifest& manifest) {
  std::string instant = std::to_string(manifest.made_at_ms());
  instant.insert(0, kInstantDigits - std::min(kInstantDigits, instant.size()), '0');
  return instant + "-" + to_hex(as_bytes(manifest.backup_id()).first(kNameIdBytes));
}

std::string chunk_name(const pb::ChunkRef& chunk) {
  const std::string hex = to_hex(as_bytes(chunk.hash()));
  return std::string(kChunksFolder) + "/" + hex.substr(0, 2) + "/" + hex;
}

Status put_manifest(TargetFiles& files, const pb::Manifest& manifest, const crypto::SignKey& authority) {
  const std::string text = manifest.SerializeAsString();
  const Bytes file = sign_file(authority, kManifestContext, with_magic(kManifestMagic, as_bytes(text)));
  return put_verified(files, std::string(kBackupsFolder) + "/" + manifest_name(manifest), file);
}

Result<Manifests> read_manifests(TargetFiles& files, const TargetHead& target, const AuthorityKeys* authority) {
  LANTAARN_ASSIGN(const auto names, files.list(kBackupsFolder));
  Manifests found;
  for (const std::string& name : names) {
    LANTAARN_ASSIGN(const auto file, files.read(std::string(kBackupsFolder) + "/" + name));
    if (!file) continue;
    const auto content = authority != nullptr ? signed_part(*authority, kManifestContext, *file) : unsigned_part(*file);
    const auto text = content.ok() ? after_magic(kManifestMagic, *content) : content;
    NamedManifest one{name, {}};
    const bool good = text.ok() && one.manifest.ParseFromArray(text->data(), static_cast<int>(text->size())) && is_whole(one.manifest, target) &&
                      manifest_name(one.manifest) == name;
    if (good) {
      found.good.push_back(std::move(one));
    } else {
      found.damaged.push_back(name);
    }
  }
  return found;
}

}  // namespace lantaarn::server::backup
