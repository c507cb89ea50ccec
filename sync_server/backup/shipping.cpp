#include "sync_server/backup/shipping.hpp"

namespace lantaarn::server::backup {
namespace {

/// One write, one sync and one look back for at most this much.
constexpr std::size_t kAppendBytes = 4U << 20;
constexpr std::size_t kBatchesAtOnce = 64;

// Events of which the own log has only blanks, by their entries' hashes.
Result<std::map<Hash, EventId>> dropped_own(Registry& registry, const DeviceId& server) {
  std::map<Hash, EventId> found;
  LANTAARN_TRY(registry.all_dropped([&](const StoredEntry& entry) -> Status {
    if (entry.place.device == server) found[entry.place.hash] = entry.event;
    return {};
  }));
  return found;
}

LogId log_of(ByteView entry, const LogId& otherwise) {
  constexpr std::size_t kAtLog = 32;  // journal/FORMAT.md; what is left of a blank begins with its header
  if (entry.size() < journal::kHeaderBytes) return otherwise;
  return *LogId::from(entry.subspan(kAtLog, kIdBytes));
}

Status visit_own(Registry& registry, const DeviceId& server, std::uint64_t from_seq, const std::function<Status(ByteView, const journal::Position&)>& take) {
  LANTAARN_ASSIGN(const auto head, registry.own_head());
  if (!head || head->second.seq < from_seq) return {};
  std::optional<std::map<Hash, EventId>> dropped;
  return registry.own_entries(from_seq, [&](const OwnEntry& entry) -> Status {
    std::optional<EventId> event;
    if (!journal::parse_entry(entry.entry).ok()) {
      if (!dropped) {
        LANTAARN_ASSIGN(dropped, dropped_own(registry, server));
      }
      event = (*dropped)[entry.at.hash];
    }
    return take(own_record(entry, log_of(entry.entry, head->first), event), entry.at);
  });
}

void note_batches(const std::vector<inbox::InboxBatch>& batches, Bytes& records, SecuredLogs& secured) {
  for (const auto& batch : batches) {
    append_record(records, batch_record(batch));
    if (batch.branch == 0) secured[{batch.log.device, batch.log.log}] = batch.last;
  }
}

}  // namespace

Result<Shipped> Shipping::pass(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority) {
  auto shipped = pass_on(registry, inbox, authority);
  if (!shipped.ok()) known_.reset();
  return shipped;
}

Result<Shipped> Shipping::pass_on(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority) {
  if (!known_) {
    LANTAARN_ASSIGN(const AuthorityKeys signers, authority_of(registry, authority.verify_key()));
    LANTAARN_TRY(look(registry, inbox, signers));
  }
  LANTAARN_TRY(ship_own(registry));
  LANTAARN_TRY(ship_keys(registry, authority));
  Shipped shipped;
  shipped.secured = std::exchange(known_->found, {});
  if (inbox != nullptr && known_->inbox_follows) LANTAARN_TRY(ship_inbox(*inbox, shipped.secured));
  shipped.own_seq = known_->own.seq;
  shipped.keys = known_->keys ? known_->keys->changed : 0;
  shipped.wants_backup = known_->backup_destroyed && known_->backup_destroyed != known_->keys->destroyed;
  return shipped;
}

Result<Shipping::Backup> Shipping::create(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority, std::int64_t now_ms) {
  LANTAARN_ASSIGN(Shipped shipped, pass(registry, inbox, authority));
  std::vector<inbox::InboxChain> chains;
  LANTAARN_ASSIGN(const std::int64_t cursor, registry.cursor());
  if (inbox != nullptr) {
    LANTAARN_ASSIGN(chains, inbox->chains_through(cursor));
  }
  auto made = write_backup(*files_, known_->head, {registry, chains, authority, now_ms});
  if (!made.ok()) {
    known_.reset();
    return made.error();
  }
  for (const auto& chain : chains) {
    if (chain.branch == 0) shipped.secured[{chain.log.device, chain.log.log}] = chain.last;
  }
  // The keyring was written with it; and what is received from here on goes behind it.
  LANTAARN_ASSIGN(known_->keys, registry.keys_version());
  shipped.keys = known_->keys->changed;
  shipped.wants_backup = false;
  known_->backup_destroyed = made->manifest.keys_destroyed();
  if (inbox != nullptr) {
    const Status restarted = restart_inbox(*inbox, cursor, shipped.secured);
    if (!restarted.ok()) known_.reset();
    LANTAARN_TRY(restarted);
  }
  return Backup{std::move(*made), std::move(shipped)};
}

// What stands at the target already. It is read through once, after a start or an error.
Status Shipping::look(Registry& registry, inbox::InboxReader* inbox, const AuthorityKeys& authority) {
  Known known;
  LANTAARN_ASSIGN(known.head, read_target(*files_, &authority));
  LANTAARN_ASSIGN(const auto server, registry.server());
  if (!server || known.head.server != server->id || known.head.target != target_) return refused("target_of_another", {files_->where()});
  LANTAARN_ASSIGN(const auto recovery, stored_recovery_public(registry));
  if (recovery && known.head.recovery != *recovery) return refused("target_of_another_key", {files_->where()});
  LANTAARN_ASSIGN(const auto own, files_->read(kOwnLogFile));
  if (own) {
    LANTAARN_ASSIGN(const ShippedOwnLog log, read_own_log(known.head, *own, &authority));
    known.own_bytes = log.good_bytes;
    known.own = log.head();
    bool found = known.own.seq == 0;
    LANTAARN_TRY(registry.own_entries(known.own.seq, [&](const OwnEntry& entry) -> Status {
      found = found || entry.at == known.own;
      return {};
    }));
    if (!found) return refused("target_ahead", {files_->where()});
  }
  LANTAARN_ASSIGN(known.keys, keyring_version(*files_, authority));
  known_ = std::move(known);
  LANTAARN_ASSIGN(const Manifests manifests, read_manifests(*files_, known_->head, &authority));
  if (!manifests.good.empty()) known_->backup_destroyed = manifests.good.back().manifest.keys_destroyed();
  return inbox != nullptr ? look_at_inbox(*inbox, manifests, server->epoch) : Status();
}

// Batches follow a backup; after a restore the numbers mean others, until the next backup.
Status Shipping::look_at_inbox(inbox::InboxReader& inbox, const Manifests& manifests, std::uint32_t epoch) {
  if (manifests.good.empty() || manifests.good.back().manifest.epoch() != epoch) return {};
  LANTAARN_ASSIGN(const auto file, files_->read(kInboxFile));
  if (!file) return {};
  LANTAARN_ASSIGN(const ShippedInbox shipped, read_inbox(known_->head, *file));
  if (shipped.damaged) return {};  // nothing is written over what may still be read; the next backup begins anew
  known_->inbox_bytes = shipped.good_bytes;
  known_->inbox_id = shipped.batches.empty() ? shipped.after_id : shipped.batches.back().inbox_id();
  LANTAARN_ASSIGN(const std::int64_t same, inbox.same_through(shipped.mark, known_->inbox_id));
  known_->inbox_follows = same == known_->inbox_id;
  if (!known_->inbox_follows) return {};
  // The last backup and what follows it: through here both sides hold the same.
  LANTAARN_ASSIGN(const auto chains, inbox.chains_through(same));
  for (const auto& chain : chains) {
    if (chain.branch == 0) known_->found[{chain.log.device, chain.log.log}] = chain.last;
  }
  return {};
}

Status Shipping::ship_keys(Registry& registry, const crypto::SignKey& authority) {
  LANTAARN_ASSIGN(const KeysVersion now, registry.keys_version());
  if (known_->keys == now) return {};
  const bool destroyed = !known_->keys || known_->keys->destroyed != now.destroyed;
  LANTAARN_TRY(write_keyring(*files_, known_->head, registry, known_->own.seq, authority));
  if (destroyed) LANTAARN_TRY(rewrite_own(registry));
  known_->keys = now;
  return {};
}

Status Shipping::ship_own(Registry& registry) {
  Bytes waiting;
  if (known_->own_bytes == 0) waiting = shipped_head(kOwnLogMagic, known_->head);
  const auto flush = [&]() -> Status {
    if (waiting.empty()) return {};
    LANTAARN_TRY(append_verified(*files_, kOwnLogFile, known_->own_bytes, waiting));
    known_->own_bytes += waiting.size();
    waiting.clear();
    return {};
  };
  journal::Position last = known_->own;
  LANTAARN_TRY(visit_own(registry, DeviceId{known_->head.server.bytes}, known_->own.seq + 1, [&](ByteView record, const journal::Position& at) {
    append_record(waiting, record);
    last = at;
    return waiting.size() < kAppendBytes ? Status() : flush();
  }));
  LANTAARN_TRY(flush());
  known_->own = last;
  return {};
}

// Something of it was dropped: the target holds it no longer than the registry does.
Status Shipping::rewrite_own(Registry& registry) {
  Bytes file = shipped_head(kOwnLogMagic, known_->head);
  journal::Position last;
  LANTAARN_TRY(visit_own(registry, DeviceId{known_->head.server.bytes}, 1, [&](ByteView record, const journal::Position& at) -> Status {
    append_record(file, record);
    last = at;
    return {};
  }));
  LANTAARN_TRY(put_verified(*files_, kOwnLogFile, file, true));
  known_->own_bytes = file.size();
  known_->own = last;
  return {};
}

Status Shipping::ship_inbox(inbox::InboxReader& inbox, SecuredLogs& secured) {
  while (true) {
    LANTAARN_ASSIGN(const auto batches, inbox.read_after(known_->inbox_id, kBatchesAtOnce, kAppendBytes));
    if (batches.empty()) return {};
    Bytes records;
    SecuredLogs through;
    note_batches(batches, records, through);
    LANTAARN_TRY(append_verified(*files_, kInboxFile, known_->inbox_bytes, records));
    known_->inbox_bytes += records.size();
    known_->inbox_id = batches.back().inbox_id;
    for (const auto& [log, at] : through) secured[log] = at;
  }
}

// In one stroke: what was secured by the old file and is not in the backup must not be missing for a moment.
Status Shipping::restart_inbox(inbox::InboxReader& inbox, std::int64_t cursor, SecuredLogs& secured) {
  LANTAARN_ASSIGN(const Bytes mark, inbox.mark());
  Bytes file = shipped_head(kInboxMagic, known_->head);
  append_record(file, inbox_start_record(mark, cursor));
  std::int64_t last = cursor;
  while (true) {
    LANTAARN_ASSIGN(const auto batches, inbox.read_after(last, kBatchesAtOnce, kAppendBytes));
    if (batches.empty()) break;
    note_batches(batches, file, secured);
    last = batches.back().inbox_id;
  }
  // What was merged and let go of here since the backup began is neither in the backup nor in this file: only in the old one,
  // which goes on until the next backup.
  LANTAARN_ASSIGN(const bool gone, inbox.is_pruned_after(cursor));
  if (gone && known_->inbox_follows) return ship_inbox(inbox, secured);
  LANTAARN_TRY(put_verified(*files_, kInboxFile, file, true));
  known_->inbox_bytes = file.size();
  known_->inbox_id = last;
  known_->inbox_follows = true;
  return {};
}

}  // namespace lantaarn::server::backup
