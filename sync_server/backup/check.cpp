#include "sync_server/backup/check.hpp"

#include "sync_server/backup/inbox_file.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace lantaarn::server::backup {
namespace {

// A backup's place in the own log must be on the chain that is there.
bool is_on_chain(const pb::Manifest& manifest, const ShippedOwnLog& own) {
  if (manifest.own_seq() == 0 || own.entries.empty()) return manifest.own_seq() == 0;
  const std::uint64_t first = own.entries.front().at.seq;
  if (manifest.own_seq() < first || manifest.own_seq() > own.head().seq) return false;
  return to_string(own.entries[manifest.own_seq() - first].at.hash) == manifest.own_hash();
}

class Checker {
 public:
  Checker(TargetFiles& files, const AuthorityKeys& authority) : files_(files), authority_(authority) {}

  Result<Checked> run() {
    LANTAARN_ASSIGN(const TargetHead head, read_target(files_, &authority_));
    LANTAARN_TRY(look_at_own_log(head));
    LANTAARN_TRY(look_at_inbox(head));
    const auto keyring = keyring_version(files_, authority_);
    if (!keyring.ok() && keyring.error().kind == ErrorKind::kStorage) return keyring.error();
    checked_.keyring = keyring.ok() && keyring->has_value();
    if (!checked_.keyring) checked_.damaged.push_back(kKeyringFile);
    LANTAARN_ASSIGN(const Manifests manifests, read_manifests(files_, head, &authority_));
    for (const std::string& name : manifests.damaged) checked_.damaged.push_back(std::string(kBackupsFolder) + "/" + name);
    for (const NamedManifest& one : manifests.good) LANTAARN_TRY(look_at_backup(one));
    return std::move(checked_);
  }

 private:
  Status look_at_own_log(const TargetHead& head) {
    LANTAARN_ASSIGN(const auto file, files_.read(kOwnLogFile));
    auto own = file ? read_own_log(head, *file, &authority_) : corrupt("backup_damaged");
    if (!own.ok()) {
      checked_.damaged.push_back(kOwnLogFile);
      return {};
    }
    own_ = std::move(*own);
    checked_.own_seq = own_.head().seq;
    checked_.own_log_torn = own_.torn;
    return {};
  }

  Status look_at_inbox(const TargetHead& head) {
    LANTAARN_ASSIGN(const auto file, files_.read(kInboxFile));
    if (!file) return {};  // no backup was made since the target is there
    const auto inbox = read_inbox(head, *file);
    if (!inbox.ok() || inbox->damaged) checked_.damaged.push_back(kInboxFile);
    return {};
  }

  Status look_at_backup(const NamedManifest& one) {
    bool whole = is_on_chain(one.manifest, own_);
    if (!whole) checked_.damaged.push_back(std::string(kBackupsFolder) + "/" + one.name);
    for (const pb::ChunkRef& chunk : one.manifest.chunks()) {
      LANTAARN_ASSIGN(const bool good, look_at_chunk(chunk));
      whole = whole && good;
    }
    if (whole) ++checked_.backups;
    return {};
  }

  // Each once, however many backups name it.
  Result<bool> look_at_chunk(const pb::ChunkRef& chunk) {
    const auto [at, is_new] = seen_.try_emplace(chunk.hash(), false);
    if (!is_new) return at->second;
    LANTAARN_ASSIGN(const auto file, files_.read(chunk_name(chunk)));
    at->second = file && to_string(crypto::blake2b_256({*file})) == chunk.hash();
    if (!at->second) {
      checked_.damaged.push_back(chunk_name(chunk));
      return false;
    }
    ++checked_.chunks;
    checked_.bytes += file->size();
    return true;
  }

  TargetFiles& files_;
  const AuthorityKeys& authority_;
  ShippedOwnLog own_;
  std::map<std::string, bool> seen_;
  Checked checked_;
};

}  // namespace

Result<Checked> check_target(TargetFiles& files, const AuthorityKeys& authority) { return Checker(files, authority).run(); }

Result<Pruned> prune_target(TargetFiles& files, const AuthorityKeys& authority, std::size_t keep) {
  LANTAARN_ASSIGN(const TargetHead head, read_target(files, &authority));
  LANTAARN_ASSIGN(const Manifests manifests, read_manifests(files, head, &authority));
  if (!manifests.damaged.empty()) return corrupt("backup_damaged");
  const std::size_t count = manifests.good.size();
  const std::size_t gone = count - std::min(count, std::max<std::size_t>(keep, 1));
  std::set<std::string> named;
  for (std::size_t i = gone; i < count; ++i) {
    for (const auto& chunk : manifests.good[i].manifest.chunks()) named.insert(chunk_name(chunk));
  }
  Pruned pruned;
  // Manifests first: what is listed stays whole.
  for (std::size_t i = 0; i < gone; ++i) {
    LANTAARN_TRY(files.remove(std::string(kBackupsFolder) + "/" + manifests.good[i].name));
    ++pruned.backups;
  }
  LANTAARN_ASSIGN(const auto folders, files.list(kChunksFolder));
  for (const std::string& folder : folders) {
    const std::string path = std::string(kChunksFolder) + "/" + folder;
    LANTAARN_ASSIGN(const auto chunks, files.list(path));
    for (const std::string& chunk : chunks) {
      if (named.contains(path + "/" + chunk)) continue;
      LANTAARN_TRY(files.remove(path + "/" + chunk));
      ++pruned.chunks;
    }
  }
  return pruned;
}

}  // namespace lantaarn::server::backup
