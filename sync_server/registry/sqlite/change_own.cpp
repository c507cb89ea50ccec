// The server's own: identity, secrets, tickets, counters, its log, the merge's marks.
#include <algorithm>

#include "common/crypto/aead.hpp"
#include "common/crypto/hash.hpp"
#include "sync_server/registry/sqlite/change.hpp"

namespace lantaarn::server {

SqliteChange::SqliteChange(Store& store, database::Transaction transaction)
    : store_(store), transaction_(std::move(transaction)) {
  store_.changing = true;
}

SqliteChange::~SqliteChange() {
  store_.changing = false;
  if (!committed_) store_.forget();
}

Status SqliteChange::commit() {
  LANTAARN_TRY(add_up());
  LANTAARN_TRY(transaction_.commit());
  committed_ = true;
  return {};
}

Status SqliteChange::add_up() {
  LANTAARN_TRY(flush_counts());
  LANTAARN_TRY(note_keys());
  return flush_last_spoken();
}

Status SqliteChange::put_setting(std::string_view name, std::int64_t number, ByteView box) {
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO setting(name, number, box) VALUES($1, $2, $3) "
                                                  "ON CONFLICT(name) DO UPDATE SET number = excluded.number, box = excluded.box"));
  return put->bind_text(1, name).bind(2, number).bind(3, box).run();
}

Status SqliteChange::put_server(const ServerIdentity& identity) { return put_setting("server", identity.epoch, identity.id.view()); }
Status SqliteChange::put_cursor(std::int64_t inbox_id) { return put_setting("cursor", inbox_id, {}); }
Status SqliteChange::put_fold_version(int version) { return put_setting("fold_version", version, {}); }

Status SqliteChange::put_secret(std::string_view name, ByteView id, ByteView value) {
  keys_changed_ = true;
  const Bytes box = crypto::seal_record(store_.keyring.data_key(), as_bytes(name), value);
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO secret(name, id, box) VALUES($1, $2, $3) "
                                                  "ON CONFLICT(name, id) DO UPDATE SET box = excluded.box"));
  return put->bind_text(1, name).bind(2, id).bind(3, box).run();
}

Status SqliteChange::remove_secret(std::string_view name, ByteView id) {
  keys_destroyed_ = true;
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM secret WHERE name = $1 AND id = $2"));
  return remove->bind_text(1, name).bind(2, id).run();
}

Status SqliteChange::put_ticket(const TicketRecord& ticket) {
  keys_changed_ = true;
  Bytes users;
  for (const UserId& user : ticket.users) append(users, user.view());
  crypto::SecretBytes secrets(kTicketSecretBytes);
  std::copy_n(ticket.psk.view().begin(), crypto::Key::kBytes, secrets.data());
  std::copy_n(ticket.enrol_secret.view().begin(), crypto::Key::kBytes, secrets.data() + crypto::Key::kBytes);
  const Bytes box = crypto::seal_record(store_.keyring.data_key(), ticket.id.view(), secrets.view());
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO ticket(ticket_id, device_id, users, expires_ms, channel_key, spent, box) VALUES($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT(ticket_id) DO UPDATE SET channel_key = excluded.channel_key, spent = excluded.spent, "
      "expires_ms = excluded.expires_ms"));
  put->bind(1, ticket.id.view()).bind(2, ticket.device.view()).bind(3, users).bind(4, ticket.expires_at_ms);
  bind_optional(*put, 5, ticket.bound_channel_key ? std::optional<ByteView>(*ticket.bound_channel_key) : std::nullopt);
  return put->bind(6, ticket.spent ? 1 : 0).bind(7, box).run();
}

Status SqliteChange::remove_ticket(const TicketId& ticket) {
  keys_changed_ = true;
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM ticket WHERE ticket_id = $1"));
  return remove->bind(1, ticket.view()).run();
}

Result<std::uint64_t> SqliteChange::reserve_counters(std::uint64_t count) {
  std::int64_t next = 1;
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT number FROM setting WHERE name = 'counter'"));
    LANTAARN_ASSIGN(const bool row, find->step());
    if (row) next = find->column_int(0);
  }
  LANTAARN_TRY(put_setting("counter", next + static_cast<std::int64_t>(count), {}));
  return static_cast<std::uint64_t>(next);
}

Status SqliteChange::note_log(const DeviceId& device, const LogId& log, std::uint64_t saved, std::uint64_t received) {
  LANTAARN_ASSIGN(const Chain chain, store_.chain_for(device, log, 0));
  LANTAARN_ASSIGN(auto update, store_.statements.get(
      "UPDATE chain SET saved_seq = CASE WHEN saved_seq > $1 THEN saved_seq ELSE $1 END, "
      "received_seq = CASE WHEN received_seq > $2 THEN received_seq ELSE $2 END WHERE chain_ref = $3"));
  return update->bind(1, static_cast<std::int64_t>(saved)).bind(2, static_cast<std::int64_t>(received)).bind(3, chain.ref).run();
}

Status SqliteChange::note_seen(const DeviceId& device, std::int64_t at_ms) {
  LANTAARN_ASSIGN(auto update, store_.statements.get("UPDATE device SET last_seen_ms = $1 WHERE device_id = $2"));
  return update->bind(1, at_ms).bind(2, device.view()).run();
}

Status SqliteChange::append_own(const OwnEntry& entry, const LogId& log) {
  LANTAARN_ASSIGN(auto insert, store_.statements.get("INSERT INTO own_log(seq, log_id, hash, entry, signature) "
                                                     "VALUES($1, $2, $3, $4, $5)"));
  insert->bind(1, static_cast<std::int64_t>(entry.at.seq)).bind(2, log.view()).bind(3, entry.at.hash);
  return insert->bind(4, entry.entry).bind(5, entry.signature).run();
}

Status SqliteChange::remove_seal_keys(std::uint32_t through_sealing_number) {
  keys_destroyed_ = true;
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM seal_key WHERE sealing_number <= $1"));
  return remove->bind(1, static_cast<std::int64_t>(through_sealing_number)).run();
}

Status SqliteChange::put_seal_key(const LogId& log, const KeyId& id, const crypto::Key& key, std::uint32_t sealing_number) {
  const Hash mark = crypto::blake2b_256_keyed(store_.keyring.data_key(), {as_bytes("seal key mark"), key.view()});
  const Bytes box = crypto::seal_record(store_.keyring.data_key(), id.view(), key.view());
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO seal_key(log_id, key_id, mark, box, sealing_number) VALUES($1, $2, $3, $4, $5) "
      "ON CONFLICT(log_id, key_id, mark) DO UPDATE SET sealing_number = excluded.sealing_number "
      "WHERE excluded.sealing_number > seal_key.sealing_number"));
  put->bind(1, log.view()).bind(2, id.view()).bind(3, ByteView(mark).first(8)).bind(4, box);
  return put->bind(5, static_cast<std::int64_t>(sealing_number)).run();
}

Status SqliteChange::put_bad_batch(const DeviceId& device, const LogId& log, const Hash& batch, std::string_view reason,
                                   std::int64_t received_ms) {
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO bad_batch(hash, device_id, log_id, reason, received_ms) "
                                                  "VALUES($1, $2, $3, $4, $5) ON CONFLICT(hash) DO NOTHING"));
  return put->bind(1, batch).bind(2, device.view()).bind(3, log.view()).bind_text(4, reason).bind(5, received_ms).run();
}

Status SqliteChange::put_merged(const DeviceId& device, const LogId& log, std::uint64_t first_seq, std::uint64_t last_seq) {
  LANTAARN_ASSIGN(const Chain chain, store_.chain_for(device, log, 0));
  std::int64_t merged = 0;
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT merged_seq FROM chain WHERE chain_ref = $1"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, chain.ref).step());
    if (row) merged = find->column_int(0);
  }
  if (static_cast<std::int64_t>(first_seq) > merged + 1) return {};
  const std::int64_t before = merged;
  if (static_cast<std::int64_t>(last_seq) > merged) merged = static_cast<std::int64_t>(last_seq);
  // Batches that came out of order lie there already.
  while (true) {
    LANTAARN_ASSIGN(const Standing next, standing_at((chain.ref << kSeqBits) + merged + 1));
    if (!next.hash) break;
    ++merged;
  }
  if (merged == before) return {};
  LANTAARN_ASSIGN(auto update, store_.statements.get(
      "UPDATE chain SET merged_seq = $1, received_seq = CASE WHEN received_seq > $1 THEN received_seq ELSE $1 END "
      "WHERE chain_ref = $2"));
  return update->bind(1, merged).bind(2, chain.ref).run();
}

}  // namespace lantaarn::server
