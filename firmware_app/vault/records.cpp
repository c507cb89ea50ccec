#include <algorithm>

#include "common/crypto/hash.hpp"
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

constexpr char kUserColumns[] =
    "SELECT ref, sealed, pending, salt, kdf_memory, kdf_passes, slot_a, slot_b, wrong, tried_boot, tried_monotonic_ms, "
    "destroyed FROM user";

// A record cannot be moved to another place.
Bytes place_of(int kind, ByteView key) {
  std::string place = "lantaarn vault record v1 " + std::to_string(kind) + " ";
  place += as_text(key);
  return to_bytes(as_bytes(place));
}

constexpr int kNamePlace = 100;  // beside the numbers of Record
constexpr int kSlotPlace = 101;  // … and the one after it, for the second slot

}  // namespace

const std::vector<std::string>& vault_migrations() {
  static const std::vector<std::string> steps = {
      // 1: sealed records by kind; users with their two slots and attempts; marks of accepted statements.
      R"sql(
CREATE TABLE record(kind INTEGER NOT NULL, key BLOB NOT NULL, sealed BLOB NOT NULL, PRIMARY KEY(kind, key)) WITHOUT ROWID;
CREATE TABLE user(
  ref BLOB PRIMARY KEY, name_ref BLOB NOT NULL UNIQUE, sealed BLOB NOT NULL, pending INTEGER NOT NULL,
  salt BLOB NOT NULL, kdf_memory INTEGER NOT NULL, kdf_passes INTEGER NOT NULL,
  slot_a BLOB NOT NULL, slot_b BLOB NOT NULL,
  wrong INTEGER NOT NULL DEFAULT 0, tried_boot BLOB NOT NULL DEFAULT x'', tried_monotonic_ms INTEGER NOT NULL DEFAULT 0);
CREATE TABLE mark(kind INTEGER NOT NULL, ref BLOB NOT NULL, epoch INTEGER NOT NULL, counter INTEGER NOT NULL,
  PRIMARY KEY(kind, ref)) WITHOUT ROWID;
)sql",
      // 2: whose slots were destroyed. Slots are sealed once more from now on; those of before are at their next writing.
      "ALTER TABLE user ADD COLUMN destroyed INTEGER NOT NULL DEFAULT 0"};
  return steps;
}

Status Vault::State::put(Record kind, ByteView key, ByteView plain) {
  const Bytes sealed = crypto::seal_record(record_key, place_of(static_cast<int>(kind), key), plain);
  LANTAARN_ASSIGN(auto put, database.prepare("INSERT INTO record(kind, key, sealed) VALUES($1, $2, $3) "
                                             "ON CONFLICT(kind, key) DO UPDATE SET sealed = excluded.sealed"));
  return put.bind(1, static_cast<int>(kind)).bind(2, key).bind(3, sealed).run();
}

Status Vault::State::remove(Record kind, ByteView key) {
  LANTAARN_ASSIGN(auto remove, database.prepare("DELETE FROM record WHERE kind = $1 AND key = $2"));
  return remove.bind(1, static_cast<int>(kind)).bind(2, key).run();
}

Result<std::optional<crypto::SecretBytes>> Vault::State::get(Record kind, ByteView key) {
  LANTAARN_ASSIGN(auto find, database.prepare("SELECT sealed FROM record WHERE kind = $1 AND key = $2"));
  LANTAARN_ASSIGN(const bool there, find.bind(1, static_cast<int>(kind)).bind(2, key).step());
  if (!there) return std::optional<crypto::SecretBytes>{};
  auto plain = crypto::open_secret_record(record_key, place_of(static_cast<int>(kind), key), find.column_blob(0));
  if (!plain) return damaged();
  return plain;
}

Bytes Vault::State::ref_of(std::string_view purpose, ByteView name) const {
  const Hash hash = crypto::blake2b_256_keyed(name_key, {as_bytes(purpose), ByteView(reinterpret_cast<const std::uint8_t*>("\0"), 1), name});
  return to_bytes(hash);
}

namespace {

Bytes stored_slot(const crypto::Key& record_key, const UserRow& row, std::size_t index) {
  return crypto::seal_record(record_key, place_of(kSlotPlace + static_cast<int>(index), row.ref), row.slots[index]);
}

std::optional<Bytes> opened_slot(const crypto::Key& record_key, ByteView ref, std::size_t index, ByteView stored) {
  if (stored.size() == kSlotBytes) return to_bytes(stored);
  return crypto::open_record(record_key, place_of(kSlotPlace + static_cast<int>(index), ref), stored);
}

Result<UserRow> read_row(const database::Statement& columns, const crypto::Key& record_key, const Error& damage) {
  UserRow row;
  row.ref = to_bytes(columns.column_blob(0));
  const auto plain = crypto::open_record(record_key, place_of(kNamePlace, row.ref), columns.column_blob(1));
  pb::NameRecord name;
  if (!plain || !name.ParseFromArray(plain->data(), static_cast<int>(plain->size()))) return damage;
  const auto id = UserId::from(name.user_id());
  row.pending = columns.column_int(2) != 0;
  row.salt = to_bytes(columns.column_blob(3));
  row.kdf = {static_cast<std::uint64_t>(columns.column_int(4)), static_cast<std::uint64_t>(columns.column_int(5))};
  for (std::size_t i = 0; i < row.slots.size(); ++i) {
    auto slot = opened_slot(record_key, row.ref, i, columns.column_blob(6 + static_cast<int>(i)));
    if (!slot) return damage;
    row.slots[i] = std::move(*slot);
  }
  row.destroyed = columns.column_int(11) != 0;
  if (!id || row.salt.size() != crypto::kKdfSaltBytes) return damage;
  row.user = {*id, name.name()};
  row.attempts.wrong = static_cast<int>(columns.column_int(8));
  row.attempts.boot_id = to_array<kIdBytes>(columns.column_blob(9)).value_or(ByteArray<kIdBytes>{});
  row.attempts.monotonic_ms = columns.column_int(10);
  return row;
}

}  // namespace

Result<std::vector<UserRow>> Vault::State::rows() {
  LANTAARN_ASSIGN(auto find, database.prepare(kUserColumns));
  std::vector<UserRow> all;
  while (true) {
    LANTAARN_ASSIGN(const bool there, find.step());
    if (!there) break;
    LANTAARN_ASSIGN(UserRow row, read_row(find, record_key, damaged()));
    all.push_back(std::move(row));
  }
  std::sort(all.begin(), all.end(), [](const UserRow& a, const UserRow& b) { return a.user.name < b.user.name; });
  return all;
}

Result<UserRow> Vault::State::row_of(const UserId& user) {
  LANTAARN_ASSIGN(auto find, database.prepare(std::string(kUserColumns) + " WHERE ref = $1"));
  LANTAARN_ASSIGN(const bool there, find.bind(1, user_ref(user)).step());
  if (!there) return refused("user_unknown");
  return read_row(find, record_key, damaged());
}

Status Vault::State::put_row(const UserRow& row) {
  pb::NameRecord name;
  name.set_user_id(to_string(row.user.id.view()));
  name.set_name(row.user.name);
  const Bytes sealed = crypto::seal_record(record_key, place_of(kNamePlace, row.ref), as_bytes(name.SerializeAsString()));
  LANTAARN_ASSIGN(auto put, database.prepare(
      "INSERT INTO user(ref, name_ref, sealed, pending, salt, kdf_memory, kdf_passes, slot_a, slot_b, destroyed, wrong, "
      "tried_boot, tried_monotonic_ms) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) "
      "ON CONFLICT(ref) DO UPDATE SET name_ref = excluded.name_ref, sealed = excluded.sealed, pending = excluded.pending, "
      "salt = excluded.salt, kdf_memory = excluded.kdf_memory, kdf_passes = excluded.kdf_passes, slot_a = excluded.slot_a, "
      "slot_b = excluded.slot_b, destroyed = excluded.destroyed, wrong = excluded.wrong, tried_boot = excluded.tried_boot, "
      "tried_monotonic_ms = excluded.tried_monotonic_ms"));
  put.bind(1, row.ref).bind(2, ref_of("name", as_bytes(row.user.name))).bind(3, sealed).bind(4, row.pending ? 1 : 0);
  put.bind(5, row.salt).bind(6, static_cast<std::int64_t>(row.kdf.memory_bytes)).bind(7, static_cast<std::int64_t>(row.kdf.passes));
  put.bind(8, stored_slot(record_key, row, 0)).bind(9, stored_slot(record_key, row, 1)).bind(10, row.destroyed ? 1 : 0);
  return put.bind(11, row.attempts.wrong).bind(12, row.attempts.boot_id).bind(13, row.attempts.monotonic_ms).run();
}

Status Vault::State::remove_row(ByteView ref) {
  LANTAARN_ASSIGN(auto remove, database.prepare("DELETE FROM user WHERE ref = $1"));
  return remove.bind(1, ref).run();
}

Status Vault::State::store_attempts(ByteView ref, const Attempts& attempts) {
  LANTAARN_ASSIGN(auto update, database.prepare("UPDATE user SET wrong = $1, tried_boot = $2, tried_monotonic_ms = $3 WHERE ref = $4"));
  return update.bind(1, attempts.wrong).bind(2, attempts.boot_id).bind(3, attempts.monotonic_ms).bind(4, ref).run();
}

pb::ServerRecord to_record(const ServerFacts& server) {
  pb::ServerRecord record;
  record.set_server_id(to_string(server.server.view()));
  record.set_address(server.address);
  record.set_channel_key(to_string(server.channel_key));
  record.set_authority_key(to_string(server.authority_key));
  record.set_sealing_key(to_string(server.sealing_key));
  record.set_sealing_key_number(server.sealing_key_number);
  record.set_epoch(server.epoch);
  record.set_device_id(to_string(server.device.view()));
  record.set_device_name(server.device_name);
  if (server.recovery_key) record.set_recovery_key(to_string(*server.recovery_key));
  record.set_keys_generation(server.keys_generation);
  return record;
}

void put_keys(const sync::ServerKeySet& keys, pb::ServerRecord& record) {
  record.set_channel_key(to_string(keys.channel));
  record.set_authority_key(to_string(keys.authority));
  record.set_sealing_key(to_string(keys.sealing));
  record.set_sealing_key_number(keys.sealing_number);
  record.set_keys_generation(keys.generation);
  if (keys.recovery) record.set_recovery_key(to_string(*keys.recovery));
}

void copy_keys(const pb::ServerRecord& from, pb::ServerRecord& to) {
  to.set_channel_key(from.channel_key());
  to.set_authority_key(from.authority_key());
  to.set_sealing_key(from.sealing_key());
  to.set_sealing_key_number(from.sealing_key_number());
  to.set_keys_generation(from.keys_generation());
}

std::optional<ServerFacts> from_record(const pb::ServerRecord& record) {
  const auto server = ServerId::from(record.server_id());
  const auto device = DeviceId::from(record.device_id());
  const auto channel = to_array<32>(as_bytes(record.channel_key()));
  const auto authority = to_array<32>(as_bytes(record.authority_key()));
  const auto sealing = to_array<32>(as_bytes(record.sealing_key()));
  const auto recovery = to_array<32>(as_bytes(record.recovery_key()));
  if (!server || !device || !channel || !authority || !sealing || (!recovery && !record.recovery_key().empty())) return std::nullopt;
  return ServerFacts{*server, record.address(), *channel, *authority, *sealing, record.sealing_key_number(),
                     record.epoch(), *device, record.device_name(), recovery, std::max(record.keys_generation(), 1U)};
}

}  // namespace lantaarn::firmware
