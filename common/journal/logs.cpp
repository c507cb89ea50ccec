#include "common/journal/logs.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace lantaarn::journal {
namespace {

using database::Database;
using database::Statement;

constexpr char kLogColumns[] =
    "SELECT log_ref, log_id, after_log, after_seq, after_hash, frozen, head_seq, head_hash, sent_seq, received_seq, "
    "received_hash, merged_seq, secured_seq, last_seal_key, secured_hash, pruned_seq, pruned_hash, pruned_signature FROM log ORDER BY log_ref";
// Of a journal that only an older program has opened: nothing was pruned.
constexpr char kLogColumnsOfVersion1[] =
    "SELECT log_ref, log_id, after_log, after_seq, after_hash, frozen, head_seq, head_hash, sent_seq, received_seq, "
    "received_hash, merged_seq, secured_seq, last_seal_key, x'', 0, x'', x'' FROM log ORDER BY log_ref";

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

// An entry that is the head by its hash is whole: a row that gives its log another id has rotted.
std::optional<LogId> named_otherwise(const LogState& log, ByteView last) {
  const auto entry = parse_entry(last);
  if (!entry.ok() || entry->header.device != log.genesis.device || entry->header.log == log.genesis.log) return std::nullopt;
  return entry->header.log;
}

// Whether the first entry that is left follows on where the log begins: what is written behind one that does not, nobody takes.
Result<bool> begins_right(Database& database, std::int64_t log_ref, const LogState& log) {
  LANTAARN_ASSIGN(Statement first, database.prepare("SELECT bytes FROM entry WHERE place = $1"));
  LANTAARN_ASSIGN(const bool row, first.bind(1, place_of(log_ref, log.pruned.seq + 1)).step());
  if (!row) return false;
  const auto entry = parse_entry(first.column_blob(0));
  return entry.ok() && entry->header.previous == (log.pruned.seq == 0 ? log.start() : log.pruned).hash;
}

// Of a log of which everything went, its last entry's signature is the only thing that still names it.
bool is_all_pruned(const LogState& log, ByteView signature, const std::vector<KnownAuthor>& authors) {
  if (log.pruned.seq == 0) return log.head == log.start();
  return log.head == log.pruned && std::any_of(authors.begin(), authors.end(), [&](const KnownAuthor& known) {
           return verify_head(known.key, log.genesis.device, log.genesis.log, log.pruned.seq, log.pruned.hash, signature);
         });
}

// The last entry stored must be the head, and be what the head's hash says; or all of it was pruned. Corrects the log's id.
Result<std::optional<Damage>> check_log(Database& database, std::int64_t log_ref, LogState& log, ByteView pruned_signature,
                                        const std::vector<KnownAuthor>& authors) {
  LANTAARN_ASSIGN(Statement last, database.prepare("SELECT place, bytes FROM entry WHERE place > $1 AND place < $2 "
                                                   "ORDER BY place DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool row, last.bind(1, place_of(log_ref, log.pruned.seq)).bind(2, place_of(log_ref + 1, 0)).step());
  if (!row && is_all_pruned(log, pruned_signature, authors)) return std::optional<Damage>{};
  const std::uint64_t stored = row ? static_cast<std::uint64_t>(last.column_int(0) - place_of(log_ref, 0)) : log.pruned.seq;
  if (!row || stored != log.head.seq || entry_hash(last.column_blob(1)) != log.head.hash) {
    return std::optional<Damage>{Damage{log.genesis.log, std::min(stored, log.head.seq == 0 ? 0 : log.head.seq - 1), log.head.seq}};
  }
  log.genesis.log = named_otherwise(log, last.column_blob(1)).value_or(log.genesis.log);
  LANTAARN_ASSIGN(const bool begins, begins_right(database, log_ref, log));
  return begins ? std::optional<Damage>{} : Damage{log.genesis.log, log.pruned.seq, log.head.seq};
}

}  // namespace

Result<Statement> select_logs(Database& database) {
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database));
  return database.prepare(version < 2 ? kLogColumnsOfVersion1 : kLogColumns);
}

Result<FoundLogs> find_logs(Database& database, const DeviceId& device, const std::vector<KnownAuthor>& authors) {
  LANTAARN_ASSIGN(Statement rows, select_logs(database));
  FoundLogs found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    LogState log = read_log(rows, device);
    const LogId stored = log.genesis.log;
    LANTAARN_ASSIGN(const auto problem, check_log(database, rows.column_int(0), log, rows.column_blob(17), authors));
    if (log.genesis.log != stored) found.renamed.emplace(rows.column_int(0), log.genesis.log);
    if (problem) found.damage.push_back(*problem);
    if (!log.frozen && !problem) found.open = OpenLog{rows.column_int(0), log.genesis.log, log.head, to_bytes(rows.column_blob(13))};
    found.last = log;
  }
}

Result<std::vector<LogState>> read_logs(Statement& rows, const DeviceId& device, const std::map<std::int64_t, LogId>& renamed) {
  std::vector<LogState> logs;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    logs.push_back(read_log(rows, device));
    const auto name = renamed.find(rows.column_int(0));
    if (name != renamed.end()) logs.back().genesis.log = name->second;
  }
  rows.reset();
  return logs;
}

Result<std::vector<KnownAuthor>> read_authors(Database& database) {
  LANTAARN_ASSIGN(Statement rows, database.prepare("SELECT key FROM companion WHERE kind = $1 ORDER BY key"));
  rows.bind(1, kAuthorCompanion);
  std::vector<KnownAuthor> authors;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return authors;
    ByteReader key(rows.column_blob(0));
    const auto id = key.take(kIdBytes);
    const auto verify_key = to_array<32>(key.rest());
    if (id && verify_key) authors.push_back({*UserId::from(*id), *verify_key});
  }
}

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

}  // namespace lantaarn::journal
