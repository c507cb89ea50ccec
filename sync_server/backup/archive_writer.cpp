#include <map>

#include "common/crypto/random.hpp"
#include "common/model/event.hpp"
#include "sync_server/backup/archive.hpp"
#include "sync_server/backup/sealed_file.hpp"
#include "sync_server/backup/shipped_file.hpp"

namespace lantaarn::server::backup {
namespace {

using model::id_field;

// By what a chunk says its name is known; nobody else can tell what a mark stands for.
class Marks {
 public:
  Marks(const crypto::Key& data_key, const TargetHead& target)
      : key_(crypto::derive_key(data_key, "lantaarn backup mark v1", target.target.view())) {}
  [[nodiscard]] std::string of(ChunkKind kind, ByteView plain) const {
    const std::uint8_t raw[1] = {static_cast<std::uint8_t>(kind)};
    return to_string(ByteView(crypto::blake2b_256_keyed(key_, {raw, plain})).first(kMarkBytes));
  }

 private:
  crypto::Key key_;
};

class Writer {
 public:
  Writer(TargetFiles& files, const TargetHead& target, const crypto::Key& data_key, const Manifests& before)
      : files_(files), target_(target), marks_(data_key, target) {
    if (before.good.empty()) return;
    for (const auto& chunk : before.good.back().manifest.chunks()) known_.emplace(chunk.mark(), chunk);
  }

  Status add(ChunkKind kind, const std::string& text) {
    const ByteView plain = as_bytes(text);
    const std::string mark = marks_.of(kind, plain);
    const auto found = known_.find(mark);
    if (found == known_.end()) return write(kind, mark, plain);
    made_.bytes += found->second.bytes();
    *made_.manifest.add_chunks() = found->second;
    return {};
  }
  [[nodiscard]] Made& made() { return made_; }

 private:
  Status write(ChunkKind kind, const std::string& mark, ByteView plain) {
    const Bytes sealed = seal_file(target_.recovery.box, kChunkMagic, plain);
    auto& chunk = *made_.manifest.add_chunks();
    chunk.set_kind(static_cast<std::uint32_t>(kind));
    chunk.set_mark(mark);
    chunk.set_hash(to_string(crypto::blake2b_256({sealed})));
    chunk.set_bytes(sealed.size());
    ++made_.new_chunks;
    made_.new_bytes += sealed.size();
    made_.bytes += sealed.size();
    return put_verified(files_, chunk_name(chunk), sealed);
  }

  TargetFiles& files_;
  const TargetHead& target_;
  Marks marks_;
  std::map<std::string, pb::ChunkRef> known_;
  Made made_;
};

void put_row(pb::EntryRow& row, const SealedEntry& entry) {
  row.set_seq(entry.place.seq);
  row.set_hash(to_string(entry.place.hash));
  row.set_previous(to_string(entry.place.previous));
  row.set_author(id_field(entry.author));
  row.set_received_ms(entry.received_ms);
  row.set_verified(entry.verified);
  row.set_state(entry.held ? pb::EntryRow::HELD : entry.dropped ? pb::EntryRow::DROPPED : pb::EntryRow::OPENED);
  if (!entry.held) row.set_event_id(id_field(entry.event));
  if (entry.held) row.set_admission(static_cast<std::uint32_t>(entry.admission));
  if (entry.owner) row.set_owner(to_string(*entry.owner));
  if (!entry.dropped) row.set_box(to_string(entry.box));
}

Status write_entries(Writer& writer, Registry& registry) {
  pb::Entries rows;
  std::pair<std::int64_t, std::uint64_t> block{-1, 0};
  const auto close = [&]() -> Status {
    const Status added = rows.rows().empty() ? Status() : writer.add(ChunkKind::kEntries, rows.SerializeAsString());
    rows.Clear();
    return added;
  };
  const Status read = registry.sealed_entries([&](const SealedEntry& entry) -> Status {
    const std::pair here{entry.chain, entry.place.seq / kEntriesPerChunk};
    if (here != block) LANTAARN_TRY(close());
    block = here;
    rows.set_device_id(id_field(entry.place.device));
    rows.set_log_id(id_field(entry.place.log));
    put_row(*rows.add_rows(), entry);
    return {};
  });
  LANTAARN_TRY(read);
  return close();
}

Status put_runs(pb::State& state, Registry& registry) {
  return registry.unverified_runs([&](const UnverifiedRun& run) -> Status {
    auto& to = *state.add_runs();
    to.set_run_id(to_string(run.id));
    to.set_device_id(id_field(run.device));
    to.set_log_id(id_field(run.log));
    to.set_author(id_field(run.author));
    to.set_seq(run.seq);
    to.set_hash(to_string(run.hash));
    to.set_signature(to_string(run.signature));
    LANTAARN_ASSIGN(const auto entries, registry.entries_of_run(run.id));
    for (const StoredEntry& entry : entries) to.add_entries(to_string(entry.place.hash));
    return {};
  });
}

Status put_devices(pb::State& state, Registry& registry) {
  LANTAARN_ASSIGN(const auto devices, registry.devices());
  for (const DeviceView& device : devices) {
    auto& seen = *state.add_seen();
    seen.set_device_id(id_field(device.id));
    seen.set_last_seen_ms(device.last_seen_ms);
    for (const LogView& log : device.logs) {
      auto& to = *state.add_logs();
      to.set_device_id(id_field(device.id));
      to.set_log_id(id_field(log.log));
      to.set_saved(log.saved);
      to.set_received(log.received);
      to.set_merged(log.merged);
    }
    LANTAARN_ASSIGN(const auto secured, registry.secured(device.id));
    for (const SecuredThrough& log : secured) {
      auto& to = *state.add_secured();
      to.set_device_id(id_field(device.id));
      to.set_log_id(id_field(log.log));
      to.set_seq(log.through.seq);
      to.set_hash(to_string(log.through.hash));
    }
  }
  return {};
}

void put_chains(pb::State& state, const std::vector<inbox::InboxChain>& chains) {
  for (const inbox::InboxChain& chain : chains) {
    auto& to = *state.add_chains();
    to.set_device_id(id_field(chain.log.device));
    to.set_log_id(id_field(chain.log.log));
    to.set_after_log(id_field(chain.log.after_log));
    to.set_after_seq(chain.log.after_seq);
    to.set_after_hash(to_string(chain.log.after_hash));
    to.set_branch(chain.branch);
    to.set_parent(chain.parent);
    to.set_first_seq(chain.first_seq);
    to.set_last_seq(chain.last.seq);
    to.set_last_hash(to_string(chain.last.hash));
  }
}

Status write_state(Writer& writer, const Source& source) {
  pb::State state;
  LANTAARN_TRY(put_devices(state, source.registry));
  LANTAARN_TRY(put_runs(state, source.registry));
  LANTAARN_TRY(source.registry.quarantine([&](const Quarantined& apart) -> Status {
    if (apart.entry.seq != 0) return {};
    auto& batch = *state.add_bad_batches();
    batch.set_device_id(id_field(apart.entry.device));
    batch.set_log_id(id_field(apart.entry.log));
    batch.set_hash(to_string(apart.entry.hash));
    batch.set_reason(apart.reason);
    batch.set_received_ms(apart.received_ms);
    return {};
  }));
  put_chains(state, source.chains);
  return writer.add(ChunkKind::kState, state.SerializeAsString());
}

Status put_former_servers(pb::Manifest& manifest, Registry& registry) {
  LANTAARN_ASSIGN(const auto imports, registry.entries_of_kind(model::Event::kRegisterImported));
  for (const StoredEntry& entry : imports) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    if (entry.admission == Admission::kAdmitted) manifest.add_former_servers(event.register_imported().from_server_id());
  }
  return {};
}

Status describe(pb::Manifest& manifest, const TargetHead& target, const Source& source) {
  LANTAARN_ASSIGN(const auto server, source.registry.server());
  if (!server || server->id != target.server) return refused("target_of_another", {});
  LANTAARN_ASSIGN(const auto own, source.registry.own_head());
  LANTAARN_ASSIGN(const KeysVersion keys, source.registry.keys_version());
  LANTAARN_ASSIGN(const std::int64_t cursor, source.registry.cursor());
  LANTAARN_ASSIGN(const Digest now, digest(source.registry));
  manifest.set_backup_id(id_field(crypto::random_id<BackupId>()));
  manifest.set_server_id(id_field(target.server));
  manifest.set_target_id(id_field(target.target));
  manifest.set_epoch(server->epoch);
  manifest.set_made_at_ms(source.now_ms);
  manifest.set_fold_version(static_cast<std::uint32_t>(now.fold_version));
  manifest.set_digest(to_string(now.value));
  manifest.set_events(now.events);
  if (own) manifest.set_own_log(id_field(own->first));
  manifest.set_own_seq(own ? own->second.seq : 0);
  manifest.set_own_hash(to_string(own ? own->second.hash : Hash{}));
  manifest.set_inbox_cursor(cursor);
  manifest.set_keys_destroyed(keys.destroyed);
  return put_former_servers(manifest, source.registry);
}

}  // namespace

Result<crypto::Key> data_key_of(Registry& registry) {
  std::optional<crypto::Key> found;
  // The data key comes first; the others are not wanted here.
  const Status stopped = registry.owner_keys([&](const OwnerKey& key) -> Status {
    if (key.owner) return bug("backup: enough");
    found = key.key.duplicate();
    return {};
  });
  if (found) return std::move(*found);
  return stopped.ok() ? corrupt("record_unreadable") : stopped.error();
}

Result<Made> write_backup(TargetFiles& files, const TargetHead& target, const Source& source) {
  LANTAARN_ASSIGN(const AuthorityKeys authority, authority_of(source.registry, source.authority.verify_key()));
  LANTAARN_ASSIGN(const Manifests before, read_manifests(files, target, &authority));
  LANTAARN_ASSIGN(const crypto::Key data_key, data_key_of(source.registry));
  Writer writer(files, target, data_key, before);
  pb::Manifest& manifest = writer.made().manifest;
  LANTAARN_TRY(describe(manifest, target, source));
  LANTAARN_TRY(write_keyring(files, target, source.registry, manifest.own_seq(), source.authority));
  LANTAARN_TRY(write_entries(writer, source.registry));
  LANTAARN_TRY(write_state(writer, source));
  LANTAARN_TRY(put_manifest(files, manifest, source.authority));
  return std::move(writer.made());
}

}  // namespace lantaarn::server::backup
