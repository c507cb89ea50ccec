#include "common/journal/journal.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"
#include "common/journal/state.hpp"

namespace lantaarn::journal {
namespace {

using database::Database;
using database::Statement;

constexpr char kLogColumns[] =
    "SELECT log_ref, log_id, after_log, after_seq, after_hash, frozen, head_seq, head_hash, sent_seq, received_seq, "
    "received_hash, merged_seq, secured_seq, last_seal_key, secured_hash, pruned_seq, pruned_hash FROM log ORDER BY log_ref";
// Of a journal that only an older program has opened: nothing was pruned.
constexpr char kLogColumnsOfVersion1[] =
    "SELECT log_ref, log_id, after_log, after_seq, after_hash, frozen, head_seq, head_hash, sent_seq, received_seq, "
    "received_hash, merged_seq, secured_seq, last_seal_key, x'', 0, x'' FROM log ORDER BY log_ref";

LogState read_log(const Statement& row, const DeviceId& device) {
  LogState log;
  log.genesis.device = device;
  log.genesis.log = LogId::from(row.column_blob(1)).value_or(LogId{});
  log.genesis.after_log = LogId::from(row.column_blob(2)).value_or(LogId{});
  log.genesis.after_seq = unsigned_column(row, 3);
  log.genesis.after_hash = hash_from(row.column_blob(4));
  log.frozen = row.column_int(5) != 0;
  log.head = {unsigned_column(row, 6), hash_from(row.column_blob(7))};
  log.sent_seq = unsigned_column(row, 8);
  log.received = {unsigned_column(row, 9), hash_from(row.column_blob(10))};
  log.merged_seq = unsigned_column(row, 11);
  log.secured = {unsigned_column(row, 12), hash_from(row.column_blob(14))};
  log.pruned = {unsigned_column(row, 15), hash_from(row.column_blob(16))};
  return log;
}

Status insert_log(Database& database, const Genesis& genesis) {
  LANTAARN_ASSIGN(Statement insert, database.prepare("INSERT INTO log(log_id, after_log, after_seq, after_hash, head_seq, "
                                                     "head_hash) VALUES($1, $2, $3, $4, 0, $5)"));
  return insert.bind(1, genesis.log.view())
      .bind(2, genesis.after_log.view())
      .bind(3, static_cast<std::int64_t>(genesis.after_seq))
      .bind(4, genesis.after_hash)
      .bind(5, genesis_hash(genesis))
      .run();
}

Result<std::string> log_columns(Database& database) {
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database));
  return std::string(version < 2 ? kLogColumnsOfVersion1 : kLogColumns);
}

// The last entry stored must be the head, and be what the head's hash says; or all of it was pruned.
Result<std::optional<Damage>> check_tail(Database& database, std::int64_t log_ref, const LogState& log) {
  LANTAARN_ASSIGN(Statement last, database.prepare("SELECT place, bytes FROM entry WHERE place > $1 AND place < $2 "
                                                   "ORDER BY place DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool row, last.bind(1, place_of(log_ref, log.pruned.seq)).bind(2, place_of(log_ref + 1, 0)).step());
  const std::uint64_t stored = row ? static_cast<std::uint64_t>(last.column_int(0) - place_of(log_ref, 0)) : log.pruned.seq;
  const Position start = log.pruned.seq == 0 ? log.start() : log.pruned;
  const bool whole = row ? stored == log.head.seq && entry_hash(last.column_blob(1)) == log.head.hash : log.head == start;
  if (whole) return std::optional<Damage>{};
  return std::optional<Damage>{Damage{log.genesis.log, std::min(stored, log.head.seq == 0 ? 0 : log.head.seq - 1), log.head.seq}};
}

}  // namespace

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

namespace {

// Freezes what must not be written any more and makes sure that one log is open.
Status freeze_and_start(Database& database, const DeviceId& device, const std::optional<LogState>& old) {
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database));
  LANTAARN_TRY(database.execute("UPDATE log SET frozen = 1"));
  Genesis genesis;
  genesis.device = device;
  genesis.log = crypto::random_id<LogId>();
  if (old) {
    genesis.after_log = old->genesis.log;
    genesis.after_seq = old->head.seq;
    genesis.after_hash = old->head.hash;
  }
  LANTAARN_TRY(insert_log(database, genesis));
  return transaction.commit();
}

Result<std::optional<OpenLog>> read_open_log(Database& database, const DeviceId& device, std::vector<Damage>& damage,
                                             std::optional<LogState>& last) {
  LANTAARN_ASSIGN(const std::string columns, log_columns(database));
  LANTAARN_ASSIGN(Statement rows, database.prepare(columns));
  std::optional<OpenLog> open;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    const LogState log = read_log(rows, device);
    LANTAARN_ASSIGN(const auto problem, check_tail(database, rows.column_int(0), log));
    if (problem) damage.push_back(*problem);
    if (!log.frozen && !problem) open = OpenLog{rows.column_int(0), log.genesis.log, log.head, to_bytes(rows.column_blob(13))};
    last = log;
  }
  return open;
}

}  // namespace

Result<Journal> Journal::with(Database database, const DeviceId& device, const OpenLog& open_log, std::vector<Damage> damage) {
  LANTAARN_ASSIGN(Statement insert_entry, database.prepare("INSERT INTO entry(place, bytes, signature) VALUES($1, $2, $3)"));
  LANTAARN_ASSIGN(Statement update_head, database.prepare("UPDATE log SET head_seq = $1, head_hash = $2, last_seal_key = $3 "
                                                          "WHERE log_ref = $4"));
  LANTAARN_ASSIGN(Statement put, database.prepare("INSERT INTO companion(kind, key, value) VALUES($1, $2, $3) "
                                                  "ON CONFLICT(kind, key) DO UPDATE SET value = excluded.value"));
  LANTAARN_ASSIGN(Statement remove, database.prepare("DELETE FROM companion WHERE kind = $1 AND key = $2"));
  auto journal = Journal(std::unique_ptr<State>(
      new State{std::move(database), device, open_log.log_ref, open_log.log, open_log.head, open_log.last_seal_key,
                std::move(damage), {}, std::move(insert_entry), std::move(update_head), std::move(put), std::move(remove), {}}));
  LANTAARN_ASSIGN(const auto authors, journal.companions(kAuthorCompanion));
  for (const Companion& author : authors) {
    const auto id = UserId::from(ByteView(author.key).first(std::min<std::size_t>(author.key.size(), kIdBytes)));
    const auto key = to_array<32>(ByteView(author.key).subspan(std::min<std::size_t>(author.key.size(), kIdBytes)));
    if (id && key) journal.state_->authors.push_back({*id, *key});
  }
  return journal;
}

Result<Journal> Journal::open(const std::string& path, const DeviceId& device, const database::OpenOptions& options) {
  database::OpenOptions own = options;
  own.exclusive = true;
  LANTAARN_ASSIGN(Database database, Database::open(path, own));
  LANTAARN_TRY(database::migrate(database, kJournalApplicationId, journal_migrations()));
  std::vector<Damage> damage;
  std::optional<LogState> last;
  LANTAARN_ASSIGN(auto open_log, read_open_log(database, device, damage, last));
  if (!open_log) {
    LANTAARN_TRY(freeze_and_start(database, device, last));
    damage.clear();
    LANTAARN_ASSIGN(open_log, read_open_log(database, device, damage, last));
    if (!open_log) return bug("journal: no log to write to");
  }
  return with(std::move(database), device, *open_log, std::move(damage));
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
  std::vector<Damage> damage;
  std::optional<LogState> last;
  LANTAARN_ASSIGN(const auto open_log, read_open_log(database, device, damage, last));
  return with(std::move(database), device, open_log.value_or(OpenLog{}), std::move(damage));
}

const DeviceId& Journal::device() const { return state_->device; }

Result<LogState> Journal::log_state(const LogId& log) {
  LANTAARN_ASSIGN(const auto states, logs());
  const auto found = std::find_if(states.begin(), states.end(), [&](const LogState& state) { return state.genesis.log == log; });
  if (found == states.end()) return refused("entry_unknown");
  return *found;
}

Result<std::vector<LogState>> Journal::logs() {
  LANTAARN_ASSIGN(const std::string columns, log_columns(state_->database));
  LANTAARN_ASSIGN(Statement rows, state_->database.prepare(columns));
  std::vector<LogState> logs;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return logs;
    logs.push_back(read_log(rows, state_->device));
  }
}

const std::vector<Damage>& Journal::damage() const { return state_->damage; }

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
  LANTAARN_ASSIGN(Statement update, state_->database.prepare("UPDATE log SET sent_seq = max(sent_seq, $1) WHERE log_id = $2"));
  return update.bind(1, static_cast<std::int64_t>(seq)).bind(2, log.view()).run();
}

Status Journal::record_received(const LogId& log, const Position& through, ByteView signed_receipt) {
  LANTAARN_ASSIGN(Statement update,
                  state_->database.prepare("UPDATE log SET received_seq = $1, received_hash = $2, receipt = $3, "
                                           "sent_seq = max(sent_seq, $1) WHERE log_id = $4 AND received_seq <= $1"));
  return update.bind(1, static_cast<std::int64_t>(through.seq)).bind(2, through.hash).bind(3, signed_receipt).bind(4, log.view()).run();
}

Status Journal::record_merged(const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(Statement update, state_->database.prepare("UPDATE log SET merged_seq = max(merged_seq, $1) WHERE log_id = $2"));
  return update.bind(1, static_cast<std::int64_t>(seq)).bind(2, log.view()).run();
}

Status Journal::start_new_log() {
  LANTAARN_ASSIGN(const auto states, logs());
  std::optional<LogState> current;
  for (const LogState& state : states) {
    if (state.genesis.log == state_->log) current = state;
  }
  LANTAARN_TRY(freeze_and_start(state_->database, state_->device, current));
  std::vector<Damage> damage;
  std::optional<LogState> last;
  LANTAARN_ASSIGN(const auto open_log, read_open_log(state_->database, state_->device, damage, last));
  if (!open_log) return bug("journal: no log to write to");
  state_->log_ref = open_log->log_ref;
  state_->log = open_log->log;
  state_->head = open_log->head;
  state_->last_seal_key.clear();
  return {};
}

Status Journal::forget_deleted() { return state_->database.checkpoint_truncate(); }

}  // namespace lantaarn::journal
