// What a second copy takes of the registry: entries as they lie sealed, and every key.
#include "common/crypto/aead.hpp"
#include "sync_server/registry/sqlite/change.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {

Result<KeysVersion> SqliteRegistry::keys_version() {
  KeysVersion version;
  LANTAARN_ASSIGN(const auto changed, setting(kKeysChanged));
  LANTAARN_ASSIGN(const auto destroyed, setting(kKeysDestroyed));
  version.changed = static_cast<std::uint64_t>(changed.value_or(0));
  version.destroyed = static_cast<std::uint64_t>(destroyed.value_or(0));
  return version;
}

Status SqliteRegistry::owner_keys(const Visit<OwnerKey>& visit) {
  LANTAARN_TRY(visit({std::nullopt, store_.keyring.data_key().duplicate()}));
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT owner_id, box FROM keyring WHERE box <> x'' ORDER BY owner_ref"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    const auto owner = array_column<kIdBytes>(row, 0);
    const auto plain = crypto::open_secret_record(store_.keyring.data_key(), owner, row.column_blob(1));
    auto key = plain ? crypto::Key::from(plain->view()) : std::nullopt;
    if (!key) return corrupt("record_unreadable", {store_.database.name()});
    return visit({KeyOwner{owner}, std::move(*key)});
  });
}

Status SqliteRegistry::secrets(const Visit<SecretRecord>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT name, id, box FROM secret ORDER BY name, id"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    const std::string name = row.column_text(0);
    auto value = crypto::open_secret_record(store_.keyring.data_key(), as_bytes(name), row.column_blob(2));
    if (!value) return corrupt("record_unreadable", {store_.database.name()});
    return visit({name, to_bytes(row.column_blob(1)), std::move(*value)});
  });
}

Status SqliteRegistry::all_seal_keys(const Visit<SealKeyRecord>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT log_id, key_id, box, sealing_number FROM seal_key ORDER BY log_id, key_id, mark"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto log, id_column<LogId>(row, 0));
    LANTAARN_ASSIGN(const auto id, id_column<KeyId>(row, 1));
    const auto plain = crypto::open_secret_record(store_.keyring.data_key(), id.view(), row.column_blob(2));
    auto key = plain ? crypto::Key::from(plain->view()) : std::nullopt;
    if (!key) return corrupt("record_unreadable", {store_.database.name()});
    return visit({log, id, std::move(*key), static_cast<std::uint32_t>(row.column_int(3))});
  });
}

Status SqliteRegistry::sealed_entries(const Visit<SealedEntry>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e ORDER BY e.place"));
  return for_each_row(*rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const StoredEntry entry, store_.read_entry(row, false));
    SealedEntry sealed;
    sealed.place = entry.place;
    sealed.chain = entry.ref >> kSeqBits;
    sealed.author = entry.author;
    sealed.event = entry.event;
    sealed.held = entry.held;
    sealed.dropped = entry.dropped;
    sealed.received_ms = entry.received_ms;
    sealed.verified = entry.verified;
    sealed.admission = entry.admission;
    if (!entry.held && !entry.dropped) {
      LANTAARN_ASSIGN(sealed.owner, store_.keyring.owner_at(row.column_int(5)));
    }
    sealed.box = to_bytes(row.column_blob(kEntryColumns - 1));
    return visit(sealed);
  });
}

Status SqliteRegistry::unverified_runs(const Visit<UnverifiedRun>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT run_id, device_id, log_id, author, seq, hash, signature FROM run ORDER BY run_id"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    UnverifiedRun run;
    run.id = array_column<kIdBytes>(row, 0);
    LANTAARN_ASSIGN(run.device, id_column<DeviceId>(row, 1));
    LANTAARN_ASSIGN(run.log, id_column<LogId>(row, 2));
    LANTAARN_ASSIGN(run.author, id_column<UserId>(row, 3));
    run.seq = static_cast<std::uint64_t>(row.column_int(4));
    run.hash = array_column<32>(row, 5);
    run.signature = array_column<crypto::kSignatureBytes>(row, 6);
    return visit(run);
  });
}

Result<std::vector<SecuredThrough>> SqliteRegistry::secured(const DeviceId& device) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT log_id, seq, hash FROM secured WHERE device_id = $1 ORDER BY log_id"));
  rows->bind(1, device.view());
  std::vector<SecuredThrough> logs;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto log, id_column<LogId>(row, 0));
    logs.push_back({log, {static_cast<std::uint64_t>(row.column_int(1)), array_column<32>(row, 2)}});
    return {};
  }));
  return logs;
}

Status SqliteChange::put_secured(const DeviceId& device, const LogId& log, const journal::Position& through) {
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO secured(device_id, log_id, seq, hash) VALUES($1, $2, $3, $4) "
      "ON CONFLICT(device_id, log_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash WHERE excluded.seq > secured.seq"));
  return put->bind(1, device.view()).bind(2, log.view()).bind(3, static_cast<std::int64_t>(through.seq)).bind(4, through.hash).run();
}

Status SqliteChange::count_up(std::string_view name) {
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO setting(name, number, box) VALUES($1, 1, x'') "
                                                  "ON CONFLICT(name) DO UPDATE SET number = setting.number + 1"));
  return put->bind_text(1, name).run();
}

Status SqliteChange::note_keys() {
  if (keys_changed_ || keys_destroyed_) LANTAARN_TRY(count_up(kKeysChanged));
  if (keys_destroyed_) LANTAARN_TRY(count_up(kKeysDestroyed));
  keys_changed_ = keys_destroyed_ = false;
  return {};
}

}  // namespace lantaarn::server
