#include "sync_server/registry/sqlite/store.hpp"

#include "common/crypto/aead.hpp"

namespace lantaarn::server {

Result<Chain> Store::chain_for(const DeviceId& device, const LogId& log, std::int64_t branch) {
  const auto key = std::pair(std::pair(device, log), branch);
  if (const auto known = chains_.find(key); known != chains_.end()) return Chain{known->second, device, log, branch};
  std::int64_t ref = 0;
  {
    LANTAARN_ASSIGN(auto find, statements.get("SELECT chain_ref FROM chain WHERE device_id = $1 AND log_id = $2 AND branch = $3"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, device.view()).bind(2, log.view()).bind(3, branch).step());
    if (row) ref = find->column_int(0);
  }
  if (ref == 0) {
    LANTAARN_ASSIGN(auto insert, statements.get("INSERT INTO chain(device_id, log_id, branch) VALUES($1, $2, $3)"));
    LANTAARN_TRY(insert->bind(1, device.view()).bind(2, log.view()).bind(3, branch).run());
    ref = statements.last_row_id();
  }
  chains_[key] = ref;
  return Chain{ref, device, log, branch};
}

Result<Chain> Store::chain_at(std::int64_t ref) {
  if (const auto known = chain_by_ref_.find(ref); known != chain_by_ref_.end()) return known->second;
  LANTAARN_ASSIGN(auto find, statements.get("SELECT device_id, log_id, branch FROM chain WHERE chain_ref = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, ref).step());
  if (!row) return corrupt("record_unreadable", {database.name()});
  LANTAARN_ASSIGN(const auto device, id_column<DeviceId>(*find, 0));
  LANTAARN_ASSIGN(const auto log, id_column<LogId>(*find, 1));
  const Chain chain{ref, device, log, find->column_int(2)};
  chain_by_ref_[ref] = chain;
  return chain;
}

Result<std::int64_t> Store::known_client_ref(const ClientId& client) {
  if (const auto known = clients_.find(client); known != clients_.end()) return known->second;
  LANTAARN_ASSIGN(auto find, statements.get("SELECT client_ref FROM client WHERE client_id = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, client.view()).step());
  if (!row) return 0;
  clients_[client] = find->column_int(0);
  return find->column_int(0);
}

Result<std::int64_t> Store::client_ref(const std::optional<ClientId>& client) {
  if (!client) return 0;
  LANTAARN_ASSIGN(std::int64_t ref, known_client_ref(*client));
  if (ref == 0) {
    LANTAARN_ASSIGN(auto insert, statements.get("INSERT INTO client(client_id) VALUES($1)"));
    LANTAARN_TRY(insert->bind(1, client->view()).run());
    ref = statements.last_row_id();
  }
  clients_[*client] = ref;
  return ref;
}

Result<std::optional<ClientId>> Store::client_at(std::int64_t ref) {
  if (ref == 0) return std::optional<ClientId>{};
  if (const auto known = client_by_ref_.find(ref); known != client_by_ref_.end()) return std::optional(known->second);
  LANTAARN_ASSIGN(auto find, statements.get("SELECT client_id FROM client WHERE client_ref = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, ref).step());
  if (!row) return corrupt("record_unreadable", {database.name()});
  LANTAARN_ASSIGN(const auto client, id_column<ClientId>(*find, 0));
  client_by_ref_[ref] = client;
  return std::optional(client);
}

void Store::forget() {
  client_changes.forget();
  keyring.forget();
  chains_.clear();
  chain_by_ref_.clear();
  clients_.clear();
  client_by_ref_.clear();
}

Result<std::optional<EntryRef>> Store::anchor_of(const EventId& event) {
  LANTAARN_ASSIGN(auto find, statements.get("SELECT place FROM entry WHERE event_id = $1 AND copy = 0"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, event.view()).step());
  if (!row) return std::optional<EntryRef>{};
  return std::optional<EntryRef>{find->column_int(0)};
}

Result<StoredEntry> Store::read_entry(database::Statement& row, bool opened) {
  StoredEntry entry;
  entry.ref = row.column_int(0);
  entry.held = row.column_int(3) == kHeldKind;
  entry.dropped = row.column_int(3) == kDroppedKind;
  if (!entry.held) {
    LANTAARN_ASSIGN(entry.event, id_column<EventId>(row, 1));
  }
  entry.first = row.column_int(2) == 0;
  entry.kind = static_cast<int>(row.column_int(3));
  LANTAARN_ASSIGN(entry.author, id_column<UserId>(row, 6));
  entry.place.hash = array_column<32>(row, 7);
  entry.place.previous = array_column<32>(row, 8);
  entry.recorded_ms = row.column_int(9);
  entry.received_ms = row.column_int(10);
  entry.clock_ok = row.column_int(11) != 0;
  entry.boot_id = array_column<kIdBytes>(row, 12);
  entry.verified = row.column_int(13) != 0;
  entry.verdict = static_cast<Admission>(row.column_int(14));
  entry.admission = static_cast<Admission>(row.column_int(15));
  LANTAARN_ASSIGN(entry.client, client_at(row.column_int(4)));
  LANTAARN_ASSIGN(const Chain chain, chain_at(entry.ref >> kSeqBits));
  entry.place.device = chain.device;
  entry.place.log = chain.log;
  entry.place.seq = static_cast<std::uint64_t>(entry.ref & kSeqMask);
  if (!opened || entry.held || entry.dropped) return entry;
  LANTAARN_ASSIGN(entry.owner, keyring.owner_at(row.column_int(5)));
  LANTAARN_ASSIGN(const Keyring::Held held, keyring.key_at(row.column_int(5)));
  auto plain = crypto::open_record(*held.key, entry.event.view(), row.column_blob(16));
  if (!plain) return corrupt("record_unreadable", {database.name()});
  entry.bytes = std::move(*plain);
  return entry;
}

Result<StoredEntry> Store::entry_at(EntryRef ref) {
  LANTAARN_ASSIGN(auto find, statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.place = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, ref).step());
  if (!row) return corrupt("record_unreadable", {database.name()});
  return read_entry(*find, true);
}

Result<Bytes> Store::seal_detail(const KeyOwner& owner, ByteView of, const Detail& detail) {
  LANTAARN_ASSIGN(const Keyring::Held held, keyring.key_for(owner));
  return crypto::seal_record(*held.key, of, encode_detail(detail));
}

Result<Detail> Store::open_detail(const KeyOwner& owner, ByteView of, ByteView box) {
  if (box.empty()) return Detail{};
  LANTAARN_ASSIGN(const Keyring::Held held, keyring.key_for(owner));
  const auto plain = crypto::open_record(*held.key, of, box);
  if (!plain) return corrupt("record_unreadable", {database.name()});
  return decode_detail(*plain);
}

}  // namespace lantaarn::server
