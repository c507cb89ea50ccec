#include "sync_server/inbox/reader.hpp"

#include <algorithm>

#include "sync_server/inbox/remains.hpp"
#include "sync_server/inbox/schema.hpp"

namespace lantaarn::server::inbox {

using database::Database;
using database::Statement;
using journal::Position;

namespace {

std::uint64_t seq_at(const Statement& row, int column) { return static_cast<std::uint64_t>(row.column_int(column)); }
Hash hash_at(const Statement& row, int column) { return to_array<32>(row.column_blob(column)).value_or(Hash{}); }

// Columns from `column` on: device, log, after_log, after_seq, after_hash.
journal::Genesis genesis_at(const Statement& row, int column) {
  return {DeviceId::from(row.column_blob(column)).value_or(DeviceId{}), LogId::from(row.column_blob(column + 1)).value_or(LogId{}),
          LogId::from(row.column_blob(column + 2)).value_or(LogId{}), seq_at(row, column + 3), hash_at(row, column + 4)};
}

}  // namespace

Result<InboxReader> InboxReader::open(const std::string& path, const char* vfs) {
  database::OpenOptions options;
  options.access = database::Access::kReader;
  options.vfs = vfs;
  LANTAARN_ASSIGN(Database database, Database::open(path, options));
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database));
  const auto known = static_cast<std::int64_t>(inbox_migrations().size());
  if (version > known) return refused("newer_store", {database.name(), std::to_string(version), std::to_string(known)});
  return InboxReader(std::move(database));
}

Result<std::vector<InboxBatch>> InboxReader::read_after(std::int64_t inbox_id, std::size_t batches_max, std::size_t bytes_max) {
  LANTAARN_ASSIGN(Statement rows,
                  database_.prepare("SELECT inbox_id, branch, first_seq, last_seq, last_hash, received_ms, author_unknown, bytes, "
                                    "device_id, log_id, after_log, after_seq, after_hash FROM batch JOIN log USING(log_ref) "
                                    "WHERE inbox_id > $1 AND pruned = 0 ORDER BY inbox_id LIMIT $2"));
  rows.bind(1, inbox_id).bind(2, static_cast<std::int64_t>(batches_max));
  std::vector<InboxBatch> found;
  std::size_t bytes = 0;
  while (bytes < bytes_max) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    found.push_back({rows.column_int(0), genesis_at(rows, 8), rows.column_int(1), seq_at(rows, 2),
                     Position{seq_at(rows, 3), hash_at(rows, 4)}, rows.column_int(5), rows.column_int(6) != 0,
                     to_bytes(rows.column_blob(7))});
    bytes += found.back().bytes.size();
  }
  return found;
}

Result<bool> InboxReader::is_pruned_after(std::int64_t inbox_id) {
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT 1 FROM batch WHERE inbox_id > $1 AND pruned = 1 LIMIT 1"));
  return find.bind(1, inbox_id).step();
}

Result<Bytes> InboxReader::mark() {
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT mark FROM start ORDER BY start DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool row, find.step());
  if (!row) return corrupt("database_damaged", {database_.name()});
  return to_bytes(find.column_blob(0));
}

Result<std::int64_t> InboxReader::same_through(ByteView noted, std::int64_t inbox_id) {
  LANTAARN_ASSIGN(Statement known, database_.prepare("SELECT start FROM start WHERE mark = $1"));
  LANTAARN_ASSIGN(const bool found, known.bind(1, noted).step());
  if (!found) return 0;
  LANTAARN_ASSIGN(Statement since, database_.prepare("SELECT ifnull(min(after_inbox_id), $1) FROM start WHERE start > $2"));
  LANTAARN_ASSIGN(const bool row, since.bind(1, inbox_id).bind(2, known.column_int(0)).step());
  if (!row) return 0;
  LANTAARN_ASSIGN(const std::int64_t last, last_inbox_id());
  return std::min({inbox_id, since.column_int(0), last});
}

Result<std::int64_t> InboxReader::last_inbox_id() {
  LANTAARN_ASSIGN(Statement statement, database_.prepare("SELECT ifnull(max(inbox_id), 0) FROM batch"));
  LANTAARN_ASSIGN(const bool row, statement.step());
  return row ? statement.column_int(0) : 0;
}

Result<std::vector<InboxLog>> InboxReader::logs() {
  LANTAARN_ASSIGN(Statement rows, database_.prepare("SELECT device_id, log_id, after_log, after_seq, after_hash, last_seq, last_hash "
                                                    "FROM log JOIN chain USING(log_ref) WHERE branch = 0 ORDER BY log_ref"));
  std::vector<InboxLog> found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    found.push_back({genesis_at(rows, 0), {seq_at(rows, 5), hash_at(rows, 6)}});
  }
}

Result<std::vector<Missed>> InboxReader::missed() {
  std::vector<Missed> found;
  // A gateway brings its inbox up to date when it starts; until then there is no such table.
  LANTAARN_ASSIGN(const std::int64_t version, database::stored_version(database_));
  if (version < 3) return found;
  LANTAARN_ASSIGN(Statement rows, database_.prepare("SELECT device_id, log_id, from_seq, through_seq, through_hash FROM missed "
                                                    "JOIN log USING(log_ref) ORDER BY log_ref, branch, through_seq"));
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    found.push_back({DeviceId::from(rows.column_blob(0)).value_or(DeviceId{}), LogId::from(rows.column_blob(1)).value_or(LogId{}),
                     seq_at(rows, 2), {seq_at(rows, 3), hash_at(rows, 4)}});
  }
}

Result<std::vector<InboxChain>> InboxReader::chains_through(std::int64_t inbox_id) {
  LANTAARN_ASSIGN(Statement rows, database_.prepare(
      "SELECT c.log_ref, c.branch, c.parent, c.first_seq, b.last_seq, b.last_hash, p.last_seq, substr(p.hashes, -32), "
      "device_id, log_id, after_log, after_seq, after_hash FROM chain c JOIN log USING(log_ref) "
      "LEFT JOIN batch b ON b.inbox_id = (SELECT max(inbox_id) FROM batch WHERE log_ref = c.log_ref AND branch = c.branch AND inbox_id <= $1) "
      "LEFT JOIN past p ON p.log_ref = c.log_ref AND p.branch = c.branch ORDER BY c.log_ref, c.branch"));
  rows.bind(1, inbox_id);
  std::vector<InboxChain> found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    const int at = rows.column_is_null(4) ? 6 : 4;
    if (rows.column_is_null(at)) continue;
    found.push_back({genesis_at(rows, 8), rows.column_int(1), rows.column_int(2), seq_at(rows, 3), {seq_at(rows, at), hash_at(rows, at + 1)}});
  }
}

Result<std::optional<std::int64_t>> InboxReader::received_beyond(const DeviceId& device, const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT min(received_ms) FROM batch JOIN log USING(log_ref) "
                                                    "WHERE device_id = $1 AND log_id = $2 AND branch = 0 AND last_seq > $3"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, device.view()).bind(2, log.view()).bind(3, static_cast<std::int64_t>(seq)).step());
  if (!row || find.column_is_null(0)) return std::optional<std::int64_t>();
  return std::optional(find.column_int(0));
}

Result<std::map<std::pair<DeviceId, LogId>, std::uint64_t>> InboxReader::first_whole() {
  LANTAARN_ASSIGN(Statement rows, database_.prepare("SELECT device_id, log_id, min(first_seq) FROM batch JOIN log USING(log_ref) "
                                                    "WHERE pruned = 0 GROUP BY log_ref"));
  std::map<std::pair<DeviceId, LogId>, std::uint64_t> found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    const auto device = DeviceId::from(rows.column_blob(0)).value_or(DeviceId{});
    found[{device, LogId::from(rows.column_blob(1)).value_or(LogId{})}] = seq_at(rows, 2);
  }
}

Result<std::vector<Branch>> InboxReader::branches(const DeviceId& device, const LogId& log) {
  LANTAARN_ASSIGN(Statement rows, database_.prepare("SELECT log_ref, branch, parent, first_seq FROM chain JOIN log USING(log_ref) "
                                                    "WHERE device_id = $1 AND log_id = $2 AND branch > 0 ORDER BY branch"));
  rows.bind(1, device.view()).bind(2, log.view());
  std::vector<Branch> found;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) return found;
    Branch branch{rows.column_int(1), rows.column_int(2), seq_at(rows, 3), {}, {}};
    LANTAARN_ASSIGN(branch.kept_hash, hash_on(rows.column_int(0), branch.parent, branch.seq));
    LANTAARN_ASSIGN(branch.other_hash, hash_on(rows.column_int(0), branch.branch, branch.seq));
    found.push_back(branch);
  }
}

// Before a chain's own first entry it is its parent's.
Result<Hash> InboxReader::hash_on(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq) {
  LANTAARN_ASSIGN(Statement chain, database_.prepare("SELECT parent FROM chain WHERE log_ref = $1 AND branch = $2 AND branch > 0 "
                                                     "AND first_seq > $3"));
  LANTAARN_ASSIGN(const bool is_before, chain.bind(1, log_ref).bind(2, branch).bind(3, static_cast<std::int64_t>(seq)).step());
  if (is_before) return hash_on(log_ref, chain.column_int(0), seq);
  LANTAARN_ASSIGN(Statement anchor, database_.prepare("SELECT through_hash FROM missed WHERE log_ref = $1 AND branch = $2 AND through_seq = $3"));
  LANTAARN_ASSIGN(const bool is_anchor, anchor.bind(1, log_ref).bind(2, branch).bind(3, static_cast<std::int64_t>(seq)).step());
  if (is_anchor) return hash_at(anchor, 0);
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT first_seq, bytes, pruned FROM batch WHERE log_ref = $1 AND branch = $2 AND "
                                                    "first_seq <= $3 ORDER BY first_seq DESC LIMIT 1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, log_ref).bind(2, branch).bind(3, static_cast<std::int64_t>(seq)).step());
  if (row) {
    LANTAARN_ASSIGN(const auto hashes, entry_hashes(find.column_blob(1), find.column_int(2) != 0));
    const std::uint64_t index = seq - seq_at(find, 0);
    if (index < hashes.size()) return hashes[index];
  }
  return past_hash(log_ref, branch, seq);
}

Result<Hash> InboxReader::past_hash(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq) {
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT substr(hashes, 1 + 32 * ($1 - first_seq), 32) FROM past "
                                                    "WHERE log_ref = $2 AND branch = $3 AND first_seq <= $1 AND last_seq >= $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, static_cast<std::int64_t>(seq)).bind(2, log_ref).bind(3, branch).step());
  if (!row) return corrupt("database_damaged", {database_.name()});
  return hash_at(find, 0);
}

}  // namespace lantaarn::server::inbox
