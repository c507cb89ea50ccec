#include "common/journal/journal.hpp"

#include <algorithm>

#include "common/journal/logs.hpp"

namespace lantaarn::journal {

using database::Database;
using database::Statement;

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

namespace {

// Companions have no chain that misses one: what the table's own structure tells must do.
Result<bool> are_companions_whole(Database& database) {
  LANTAARN_ASSIGN(Statement check, database.prepare("PRAGMA integrity_check(companion)"));
  LANTAARN_ASSIGN(const bool row, check.step());
  return row && check.column_text(0) == "ok";
}

}  // namespace

Result<Journal> Journal::with(Database database, const DeviceId& device, FoundLogs found, std::vector<KnownAuthor> authors) {
  LANTAARN_ASSIGN(Statement insert_entry, database.prepare("INSERT INTO entry(place, bytes, signature) VALUES($1, $2, $3)"));
  LANTAARN_ASSIGN(Statement update_head, database.prepare("UPDATE log SET head_seq = $1, head_hash = $2, last_seal_key = $3 "
                                                          "WHERE log_ref = $4"));
  LANTAARN_ASSIGN(Statement put, database.prepare("INSERT INTO companion(kind, key, value) VALUES($1, $2, $3) "
                                                  "ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value"));
  LANTAARN_ASSIGN(Statement remove, database.prepare("DELETE FROM companion WHERE kind = $1 AND key = $2"));
  LANTAARN_ASSIGN(Statement select_all, select_logs(database));
  LANTAARN_ASSIGN(Statement select_entry, database.prepare("SELECT bytes FROM entry WHERE place = $1"));
  const auto whole = are_companions_whole(database);
  if (!whole.ok() && whole.error().kind != ErrorKind::kCorrupt) return whole.error();
  const OpenLog open_log = found.open.value_or(OpenLog{});
  return Journal(std::unique_ptr<State>(new State{std::move(database), device, open_log.log_ref, open_log.log, open_log.head, open_log.last_seal_key,
                                                  std::move(found.damage), std::move(found.renamed), whole.ok() && *whole, std::move(authors), std::move(insert_entry),
                                                  std::move(update_head), std::move(put), std::move(remove), std::move(select_all),
                                                  std::move(select_entry), {}}));
}

Result<Journal> Journal::open(const std::string& path, const DeviceId& device, const database::OpenOptions& options) {
  database::OpenOptions own = options;
  own.exclusive = true;
  LANTAARN_ASSIGN(Database database, Database::open(path, own));
  LANTAARN_TRY(database::migrate(database, kJournalApplicationId, journal_migrations()));
  LANTAARN_ASSIGN(auto authors, read_authors(database));
  LANTAARN_ASSIGN(FoundLogs found, find_logs(database, device, authors));
  if (!found.open) {
    LANTAARN_TRY(freeze_and_start(database, device, found.last));
    LANTAARN_ASSIGN(found, find_logs(database, device, authors));
    if (!found.open) return corrupt("database_damaged", {"journal.db"});  // what was just written does not read back
  }
  return with(std::move(database), device, std::move(found), std::move(authors));
}

namespace {

// As the first entry that can be read says.
Result<DeviceId> device_in(Database& database) {
  LANTAARN_ASSIGN(Statement rows, database.prepare("SELECT bytes FROM entry ORDER BY place"));
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return DeviceId{};
    const auto entry = parse_entry(rows.column_blob(0));
    if (entry.ok()) return entry->header.device;
  }
}

}  // namespace

Result<Journal> Journal::open_read_only(const std::string& path, const char* vfs) {
  database::OpenOptions options;
  options.access = database::Access::kReader;
  options.vfs = vfs;
  LANTAARN_ASSIGN(Database database, Database::open(path, options));
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database));
  const auto known = static_cast<std::int64_t>(journal_migrations().size());
  if (version > known) return refused("newer_store", {database.name(), std::to_string(version), std::to_string(known)});
  LANTAARN_ASSIGN(Statement owner, database.prepare("PRAGMA application_id"));
  LANTAARN_ASSIGN(const bool row, owner.step());
  if (version == 0 || !row || owner.column_int(0) != kJournalApplicationId) return corrupt("database_damaged", {database.name()});
  LANTAARN_ASSIGN(const DeviceId device, device_in(database));
  LANTAARN_ASSIGN(auto authors, read_authors(database));
  LANTAARN_ASSIGN(FoundLogs found, find_logs(database, device, authors));
  return with(std::move(database), device, std::move(found), std::move(authors));
}

const DeviceId& Journal::device() const { return state_->device; }

Result<LogState> Journal::log_state(const LogId& log) {
  LANTAARN_ASSIGN(const auto states, logs());
  const auto found = std::find_if(states.begin(), states.end(), [&](const LogState& state) { return state.genesis.log == log; });
  if (found == states.end()) return refused("entry_unknown");
  return *found;
}

Result<std::vector<LogState>> Journal::logs() { return read_logs(state_->select_logs, state_->device, state_->renamed); }

const std::vector<Damage>& Journal::damage() const { return state_->damage; }
bool Journal::companions_whole() const { return state_->companions_whole; }

Result<std::vector<Companion>> Journal::companions(int kind) {
  LANTAARN_ASSIGN(Statement rows, state_->database.prepare("SELECT key, value FROM companion WHERE kind = $1 ORDER BY key"));
  rows.bind(1, kind);
  std::vector<Companion> found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    found.push_back({kind, to_bytes(rows.column_blob(0)), to_bytes(rows.column_blob(1))});
  }
}

Result<std::optional<Bytes>> Journal::companion(int kind, ByteView key) {
  LANTAARN_ASSIGN(Statement find, state_->database.prepare("SELECT value FROM companion WHERE kind = $1 AND key = $2"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, kind).bind(2, key).step());
  if (!row) return std::optional<Bytes>{};
  return std::optional<Bytes>{to_bytes(find.column_blob(0))};
}

Status Journal::record_sent(const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  LANTAARN_ASSIGN(Statement update, state_->database.prepare("UPDATE log SET sent_seq = max(sent_seq, $1) WHERE log_ref = $2"));
  return update.bind(1, static_cast<std::int64_t>(seq)).bind(2, log_ref).run();
}

// One beyond the head has rotted: whoever gives a receipt gives it for what is here.
Status Journal::record_received(const LogId& log, const Position& through, ByteView signed_receipt) {
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  LANTAARN_ASSIGN(Statement update,
                  state_->database.prepare("UPDATE log SET received_seq = $1, received_hash = $2, receipt = $3, sent_seq = max(sent_seq, $1) "
                                           "WHERE log_ref = $4 AND (received_seq <= $1 OR received_seq > head_seq)"));
  return update.bind(1, static_cast<std::int64_t>(through.seq)).bind(2, through.hash).bind(3, signed_receipt).bind(4, log_ref).run();
}

Status Journal::record_merged(const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  LANTAARN_ASSIGN(Statement update, state_->database.prepare("UPDATE log SET merged_seq = max(merged_seq, $1) WHERE log_ref = $2"));
  return update.bind(1, static_cast<std::int64_t>(seq)).bind(2, log_ref).run();
}

Status Journal::start_new_log() {
  LANTAARN_ASSIGN(const auto states, logs());
  std::optional<LogState> current;
  for (const LogState& state : states) {
    if (state.genesis.log == state_->log) current = state;
  }
  LANTAARN_TRY(freeze_and_start(state_->database, state_->device, current));
  LANTAARN_ASSIGN(const FoundLogs found, find_logs(state_->database, state_->device, state_->authors));
  if (!found.open) return corrupt("database_damaged", {"journal.db"});  // what was just written does not read back
  state_->log_ref = found.open->log_ref;
  state_->log = found.open->log;
  state_->head = found.open->head;
  state_->last_seal_key.clear();
  return {};
}

Status Journal::forget_deleted() { return state_->database.checkpoint_truncate(); }

}  // namespace lantaarn::journal
