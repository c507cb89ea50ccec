// The vault's part of a wipe.
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

using database::Database;

Result<std::vector<std::string>> tables_of(Database& database) {
  LANTAARN_ASSIGN(auto find, database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"));
  std::vector<std::string> names;
  while (true) {
    LANTAARN_ASSIGN(const bool row, find.step());
    if (!row) return names;
    names.push_back(find.column_text(0));
  }
}

Result<std::optional<std::int64_t>> wiped_mark(Database& database) {
  LANTAARN_ASSIGN(auto find, database.prepare("SELECT sealed FROM record WHERE kind = $1"));
  LANTAARN_ASSIGN(const bool there, find.bind(1, static_cast<int>(Record::kWiped)).step());
  if (!there || find.column_blob(0).size() != sizeof(std::int64_t)) return std::optional<std::int64_t>();
  return std::optional(static_cast<std::int64_t>(load_le<std::uint64_t>(find.column_blob(0).data())));
}

Result<bool> has_device_key(Database& database) {
  LANTAARN_ASSIGN(auto find, database.prepare("SELECT 1 FROM record WHERE kind = $1"));
  return find.bind(1, static_cast<int>(Record::kDeviceKey)).step();
}

}  // namespace

Status finish_forgetting(Database& database, DeviceSecret& secret) {
  LANTAARN_ASSIGN(const auto wiped, wiped_mark(database));
  if (!wiped) return {};
  LANTAARN_ASSIGN(const bool started_anew, has_device_key(database));
  if (started_anew) return {};
  LANTAARN_TRY(database.checkpoint_truncate());
  return secret.destroy();
}

Result<Vault::WipeStage> Vault::wipe_stage() {
  LANTAARN_ASSIGN(const auto stored, state_->get(Record::kWipe, {}));
  if (!stored) return WipeStage::kNone;
  if (stored->size() != 1 || stored->view()[0] > static_cast<int>(WipeStage::kReported)) return state_->damaged();
  return static_cast<WipeStage>(stored->view()[0]);
}

Status Vault::set_wipe_stage(WipeStage stage) {
  LANTAARN_ASSIGN(const WipeStage now, wipe_stage());
  if (stage <= now) return {};
  const auto byte = static_cast<std::uint8_t>(stage);
  return state_->put(Record::kWipe, {}, ByteView(&byte, 1));
}

Status Vault::remove_all_users() {
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    LANTAARN_TRY(state_->database.execute("DELETE FROM user"));
    for (const Record kind : {Record::kPendingKeys, Record::kPending, Record::kLease}) {
      LANTAARN_ASSIGN(auto remove, state_->database.prepare("DELETE FROM record WHERE kind = $1"));
      LANTAARN_TRY(remove.bind(1, static_cast<int>(kind)).run());
    }
    LANTAARN_TRY(transaction.commit());
  }
  return state_->database.checkpoint_truncate();
}

Status Vault::forget_device(DeviceSecret& secret, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const WipeStage stage, wipe_stage());
  if (stage != WipeStage::kReported) return bug("vault: a device key goes last");
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    // Whatever a later version of this program keeps goes too.
    LANTAARN_ASSIGN(const auto tables, tables_of(state_->database));
    for (const auto& table : tables) LANTAARN_TRY(state_->database.execute("DELETE FROM \"" + table + "\""));
    Bytes when;
    append_le(when, static_cast<std::uint64_t>(now_ms));
    LANTAARN_ASSIGN(auto put, state_->database.prepare("INSERT INTO record(kind, key, sealed) VALUES($1, x'', $2)"));
    LANTAARN_TRY(put.bind(1, static_cast<int>(Record::kWiped)).bind(2, when).run());
    LANTAARN_TRY(transaction.commit());
  }
  state_->enrolled = false;
  return finish_forgetting(state_->database, secret);
}

Result<std::optional<std::int64_t>> Vault::wiped_at() {
  if (state_->enrolled) return std::optional<std::int64_t>();
  return wiped_mark(state_->database);
}

}  // namespace lantaarn::firmware
