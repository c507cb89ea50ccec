#include <algorithm>

#include "sync_server/backup/restore.hpp"

namespace lantaarn::server::backup {
namespace {

Result<pb::Manifest> choose(const Manifests& manifests, const std::string& wanted) {
  if (manifests.good.empty()) return refused("backup_none");
  if (wanted.empty()) return manifests.good.back().manifest;
  for (const NamedManifest& one : manifests.good) {
    if (one.name.starts_with(wanted) || to_hex(as_bytes(one.manifest.backup_id())).starts_with(wanted)) return one.manifest;
  }
  return refused("backup_not_found", {wanted});
}

bool reaches(const ShippedOwnLog& own, const pb::Manifest& manifest, std::uint64_t at_least) {
  if (own.head().seq < std::max(manifest.own_seq(), at_least)) return false;
  return std::any_of(own.entries.begin(), own.entries.end(), [&](const ShippedEntry& entry) {
    return entry.at.seq == manifest.own_seq() && to_string(entry.at.hash) == manifest.own_hash();
  });
}

Result<ShippedOwnLog> read_log(TargetFiles& files, const TargetHead& head) {
  LANTAARN_ASSIGN(const auto file, files.read(kOwnLogFile));
  if (!file) return corrupt("backup_damaged");
  return read_own_log(head, *file, nullptr);
}

// The batches since a backup; none were ever shipped when the file does not begin there.
Result<ShippedInbox> read_batches(TargetFiles& files, const TargetHead& head) {
  LANTAARN_ASSIGN(const auto file, files.read(kInboxFile));
  if (!file) return ShippedInbox{};
  return read_inbox(head, *file);
}

}  // namespace

Result<RestorePlan> plan_restore(TargetFiles& files, const RecoveryKey& recovery, const RestoreChoice& choice) {
  LANTAARN_ASSIGN(const TargetHead head, read_target(files, nullptr));
  if (head.recovery != recovery.public_half()) return refused("recovery_key_wrong");
  LANTAARN_ASSIGN(Keyring keyring, Keyring::open(files, head, recovery.box));
  LANTAARN_ASSIGN(const Manifests manifests, read_manifests(files, head, nullptr));
  LANTAARN_ASSIGN(pb::Manifest manifest, choose(manifests, choice.backup));
  RestorePlan plan{head, std::move(keyring), std::move(manifest), {}, {}, 0, {}};
  plan.epoch = std::max(plan.manifest.epoch(), plan.keyring.content().epoch()) + 1;

  auto own = read_log(files, head);
  if (!own.ok() && own.error().kind == ErrorKind::kStorage) return own.error();
  if (own.ok() && reaches(*own, plan.manifest, plan.keyring.content().own_seq())) {
    plan.own = std::move(*own);
  } else {
    if (!choice.accept_loss) return refused("restore_needs_log");
    plan.lost.emplace_back("own_log");
  }
  auto batches = read_batches(files, head);
  if (!batches.ok() && batches.error().kind == ErrorKind::kStorage) return batches.error();
  const bool all_batches = batches.ok() && !batches->damaged;
  if (batches.ok()) plan.inbox = std::move(*batches);
  if (!all_batches) {
    if (!choice.accept_loss) return refused("restore_needs_inbox");
    plan.lost.emplace_back("inbox");
  }
  const bool is_newest = manifests.damaged.empty() && plan.manifest.backup_id() == manifests.good.back().manifest.backup_id();
  if (!is_newest) {
    if (!choice.accept_loss) return refused("restore_older");
    plan.lost.emplace_back("newer_backup");
  }
  return plan;
}

}  // namespace lantaarn::server::backup
