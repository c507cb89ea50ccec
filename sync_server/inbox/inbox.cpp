#include "sync_server/inbox/inbox.hpp"

#include "sync_server/inbox/remains.hpp"
#include "sync_server/inbox/schema.hpp"

namespace lantaarn::server::inbox {

using database::Database;
using database::Statement;
using journal::Position;

namespace {

std::int64_t stored_int(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t seq_at(const Statement& row, int column) { return static_cast<std::uint64_t>(row.column_int(column)); }
Hash hash_at(const Statement& row, int column) { return to_array<32>(row.column_blob(column)).value_or(Hash{}); }

Result<std::int64_t> one_number(Database& database, std::string_view sql) {
  LANTAARN_ASSIGN(Statement statement, database.prepare(sql));
  LANTAARN_ASSIGN(const bool row, statement.step());
  return row ? statement.column_int(0) : 0;
}

std::vector<Hash> hashes_in(ByteView bytes) {
  std::vector<Hash> hashes;
  ByteReader reader(bytes);
  while (const auto hash = reader.take(sizeof(Hash))) hashes.push_back(*to_array<sizeof(Hash)>(*hash));
  return hashes;
}

// The batch without its entries before `from_seq`; it still ends at a signed entry.
Bytes trimmed(ByteView bytes, std::uint64_t first_seq, std::uint64_t from_seq) {
  ByteReader reader(bytes);
  for (std::uint64_t seq = first_seq; seq < from_seq; ++seq) {
    static_cast<void>(reader.take(reader.take_le<std::uint32_t>().value_or(0)));
    static_cast<void>(reader.take(reader.take_le<std::uint8_t>().value_or(0)));
  }
  return to_bytes(reader.rest());
}

}  // namespace

Inbox::Inbox(Database database, Statements statements, std::uint64_t starts, std::int64_t last_inbox_id)
    : database_(std::move(database)), statements_(std::move(statements)), starts_(starts), last_inbox_id_(last_inbox_id) {}

Result<Inbox> Inbox::open(const std::string& path, const char* vfs) {
  database::OpenOptions options;
  options.vfs = vfs;
  options.page_bytes = kInboxPageBytes;
  options.cache_kib = kInboxCacheKib;
  options.wal_autocheckpoint_pages = kCheckpointPages;
  LANTAARN_ASSIGN(Database database, Database::open(path, options));
  LANTAARN_TRY(database::migrate(database, kInboxApplicationId, inbox_migrations()));
  LANTAARN_TRY(database.execute("UPDATE gateway SET starts = starts + 1"));
  LANTAARN_TRY(database.execute("INSERT INTO start(mark, after_inbox_id) SELECT randomblob(16), ifnull(max(inbox_id), 0) FROM batch"));
  LANTAARN_ASSIGN(const std::int64_t starts, one_number(database, "SELECT starts FROM gateway"));
  LANTAARN_ASSIGN(const std::int64_t last, one_number(database, "SELECT ifnull(max(inbox_id), 0) FROM batch"));
  LANTAARN_ASSIGN(Statements statements, prepare(database));
  return Inbox(std::move(database), std::move(statements), static_cast<std::uint64_t>(starts), last);
}

Result<Inbox::Statements> Inbox::prepare(Database& database) {
  LANTAARN_ASSIGN(Statement find_log, database.prepare("SELECT log_ref, after_log, after_seq, after_hash FROM log "
                                                       "WHERE device_id = $1 AND log_id = $2"));
  LANTAARN_ASSIGN(Statement add_log, database.prepare("INSERT INTO log(device_id, log_id, after_log, after_seq, after_hash) "
                                                      "VALUES($1, $2, $3, $4, $5)"));
  LANTAARN_ASSIGN(Statement chains, database.prepare("SELECT branch, parent, first_seq, last_seq, last_hash FROM chain "
                                                     "WHERE log_ref = $1 ORDER BY branch"));
  LANTAARN_ASSIGN(Statement put_chain,
                  database.prepare("INSERT INTO chain(log_ref, branch, parent, first_seq, last_seq, last_hash) "
                                   "VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT(log_ref, branch) DO UPDATE SET "
                                   "last_seq = excluded.last_seq, last_hash = excluded.last_hash"));
  LANTAARN_ASSIGN(Statement add_batch,
                  database.prepare("INSERT INTO batch(log_ref, branch, first_seq, last_seq, last_hash, received_ms, "
                                   "author_unknown, bytes) VALUES($1, $2, $3, $4, $5, $6, $7, $8)"));
  LANTAARN_ASSIGN(Statement covering, database.prepare("SELECT first_seq, last_seq, bytes, pruned FROM batch WHERE log_ref = $1 AND "
                                                       "branch = $2 AND first_seq <= $3 ORDER BY first_seq DESC LIMIT 1"));
  LANTAARN_ASSIGN(Statement holes, database.prepare("SELECT branch, from_seq, through_seq, through_hash, secured_seq, secured_hash "
                                                    "FROM missed WHERE log_ref = $1 ORDER BY branch, through_seq"));
  LANTAARN_ASSIGN(Statement put_hole, database.prepare("INSERT INTO missed(log_ref, branch, from_seq, through_seq, through_hash, "
                                                       "secured_seq, secured_hash) VALUES($1, $2, $3, $4, $5, $6, $7)"));
  LANTAARN_ASSIGN(Statement remove_hole,
                  database.prepare("DELETE FROM missed WHERE log_ref = $1 AND branch = $2 AND through_seq = $3"));
  LANTAARN_ASSIGN(Statement past, database.prepare("SELECT first_seq, last_seq, hashes FROM past WHERE log_ref = $1 AND branch = $2 "
                                                   "AND first_seq <= $3 ORDER BY first_seq DESC LIMIT 1"));
  return Statements{std::move(find_log), std::move(add_log), std::move(chains),   std::move(put_chain),   std::move(add_batch),
                    std::move(covering), std::move(holes),   std::move(put_hole), std::move(remove_hole), std::move(past)};
}

Result<Position> Inbox::received(const DeviceId& device, const LogId& log) {
  LANTAARN_ASSIGN(Statement find, database_.prepare("SELECT last_seq, last_hash FROM chain JOIN log USING(log_ref) "
                                                    "WHERE device_id = $1 AND log_id = $2 AND branch = 0"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, device.view()).bind(2, log.view()).step());
  if (!row) return Position{};
  return Position{seq_at(find, 0), hash_at(find, 1)};
}

Result<std::size_t> Inbox::prune(const DeviceId& device, const LogId& log, std::uint64_t through_seq, std::int64_t merged,
                                 std::size_t batches_max) {
  std::vector<std::pair<std::int64_t, Bytes>> due;
  {
    LANTAARN_ASSIGN(Statement find, database_.prepare(
        "SELECT inbox_id, bytes FROM batch JOIN log USING(log_ref) WHERE device_id = $1 AND log_id = $2 AND pruned = 0 "
        "AND last_seq <= $3 AND inbox_id <= $4 ORDER BY last_seq LIMIT $5"));
    find.bind(1, device.view()).bind(2, log.view()).bind(3, stored_int(through_seq)).bind(4, merged);
    find.bind(5, static_cast<std::int64_t>(batches_max));
    while (true) {
      LANTAARN_ASSIGN(const bool row, find.step());
      if (!row) break;
      LANTAARN_ASSIGN(Bytes remains, remains_of(find.column_blob(1)));
      due.emplace_back(find.column_int(0), std::move(remains));
    }
  }
  if (due.empty()) return 0;
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
  LANTAARN_ASSIGN(Statement update, database_.prepare("UPDATE batch SET bytes = $1, pruned = 1 WHERE inbox_id = $2"));
  for (const auto& [inbox_id, remains] : due) LANTAARN_TRY(update.bind(1, remains).bind(2, inbox_id).run());
  LANTAARN_TRY(transaction.commit());
  looked_at_ = {};
  return due.size();
}

Result<std::vector<Result<Landed>>> Inbox::store(std::span<const Incoming> batches) {
  const std::int64_t last_before = last_inbox_id_;
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
  std::vector<Result<Landed>> landed;
  landed.reserve(batches.size());
  Error fatal;
  bool failed = false;
  for (const Incoming& batch : batches) {
    landed.push_back(store_one(batch, fatal, failed));
    if (failed) break;
  }
  looked_at_ = {};
  Status committed = failed ? Status(fatal) : transaction.commit();
  if (committed.ok()) return landed;
  last_inbox_id_ = last_before;
  return committed.error();
}

// A batch that is wrong is its sender's affair; a disk that fails is everybody's.
Result<Landed> Inbox::store_one(const Incoming& batch, Error& fatal, bool& failed) {
  if (batch.anchor) {
    auto landed = land_anchor(batch);
    if (!landed.ok() && landed.error().kind != ErrorKind::kRejectPeer) {
      failed = true;
      fatal = landed.error();
    }
    return landed;
  }
  LANTAARN_ASSIGN(const auto summary, journal::verify_batch(batch.bytes, batch.log.device, batch.log.log, *batch.keys));
  if (summary.first_seq == 0) return corrupt("entry_unreadable");
  auto landed = land(batch, summary);
  if (!landed.ok() && landed.error().kind != ErrorKind::kRejectPeer) {
    failed = true;
    fatal = landed.error();
  }
  return landed;
}

Result<Landed> Inbox::land(const Incoming& batch, const journal::BatchSummary& summary) {
  LANTAARN_ASSIGN(Log log, find(batch.log));
  const Chain main = log.chains.front();
  if (summary.first_seq != main.last.seq + 1 || summary.first_previous != main.last.hash) {
    return land_beside(batch, summary, log);
  }
  LANTAARN_TRY(append(log, main, batch, summary, summary.first_seq));
  return Landed{Landing::kMain, summary.last, summary.entries};
}

// Not simply the next one: known already, overlapping, another branch, or a gap. Follows each chain for as long as the
// batch says the same; the one that goes along furthest decides.
Result<Landed> Inbox::land_beside(const Incoming& batch, const journal::BatchSummary& summary, Log& log) {
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch.bytes));
  const Position main_last = log.chains.front().last;
  std::optional<Chain> fork;
  std::uint64_t filled = 0;
  for (const Chain& chain : std::vector<Chain>(log.chains)) {
    LANTAARN_ASSIGN(const auto before, hash_on(log, chain.branch, summary.first_seq - 1));
    if (before != summary.first_previous) continue;
    std::uint64_t seq = summary.first_seq;
    for (; seq <= std::min(summary.last.seq, chain.last.seq); ++seq) {
      if (const Hole* hole = hole_at(log, chain.branch, seq)) {
        LANTAARN_ASSIGN(const auto through, fill_hole(log, Hole(*hole), batch, summary, items, seq));
        if (!through) break;
        filled += *through - seq + 1;
        seq = *through;
        continue;
      }
      LANTAARN_ASSIGN(const auto here, hash_on(log, chain.branch, seq));
      if (here != journal::entry_hash(items[seq - summary.first_seq].entry.bytes)) break;
    }
    const bool known = seq > summary.last.seq;
    if (!known && seq <= chain.last.seq) {
      if (!fork || seq > fork->first_seq) fork = Chain{0, chain.branch, seq, {}};
      continue;
    }
    if (!known) LANTAARN_TRY(append(log, chain, batch, summary, seq));
    const std::uint64_t added = filled + (known ? 0 : summary.last.seq - seq + 1);
    // Also when more than this is here: whoever was put back to an old copy holds no more, and must recognise the place.
    return Landed{chain.branch != 0 ? Landing::kFork : Landing::kMain, summary.last, added};
  }
  if (!fork) return Landed{Landing::kGap, summary.first_seq > main_last.seq + 1 ? main_last : Position{}};
  if (log.chains.size() > kBranchesMax) return in_context(reject_peer("protocol_error"), "too many branches");
  fork->branch = log.chains.back().branch + 1;
  LANTAARN_TRY(append(log, *fork, batch, summary, fork->first_seq));
  return Landed{Landing::kFork, summary.last, summary.last.seq - fork->first_seq + 1};
}

Result<Inbox::Log> Inbox::find(const journal::Genesis& genesis) {
  Log log{0, journal::genesis_hash(genesis), {}, {}};
  Statement& rows = statements_.find_log;
  rows.reset();
  LANTAARN_ASSIGN(const bool known, rows.bind(1, genesis.device.view()).bind(2, genesis.log.view()).step());
  if (!known) {
    log.chains.push_back({0, 0, 1, {0, log.start}});
    return log;
  }
  log.log_ref = rows.column_int(0);
  const bool same = LogId::from(rows.column_blob(1)) == genesis.after_log && seq_at(rows, 2) == genesis.after_seq &&
                    hash_at(rows, 3) == genesis.after_hash;
  rows.reset();
  if (!same) return in_context(reject_peer("protocol_error"), "another origin for a known log");
  LANTAARN_ASSIGN(log.chains, read_chains(log.log_ref));
  LANTAARN_TRY(read_holes(log));
  return log;
}

Status Inbox::add(const journal::Genesis& genesis, Log& log) {
  LANTAARN_TRY(statements_.add_log.bind(1, genesis.device.view())
                   .bind(2, genesis.log.view())
                   .bind(3, genesis.after_log.view())
                   .bind(4, stored_int(genesis.after_seq))
                   .bind(5, genesis.after_hash)
                   .run());
  log.log_ref = database_.last_row_id();
  return {};
}

Result<std::vector<Inbox::Chain>> Inbox::read_chains(std::int64_t log_ref) {
  Statement& rows = statements_.chains;
  rows.reset();
  rows.bind(1, log_ref);
  std::vector<Chain> chains;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    chains.push_back({rows.column_int(0), rows.column_int(1), seq_at(rows, 2), {seq_at(rows, 3), hash_at(rows, 4)}});
  }
  rows.reset();
  if (chains.empty()) return corrupt("database_damaged", {database_.name()});
  return chains;
}

// Nothing when that chain does not reach there. Before a fork it is its parent's entry.
Result<std::optional<Hash>> Inbox::hash_on(const Log& log, std::int64_t branch, std::uint64_t seq) {
  const Chain* chain = &log.chains[static_cast<std::size_t>(branch)];
  if (seq > chain->last.seq) return std::optional<Hash>();
  while (branch != 0 && seq < chain->first_seq) {
    branch = chain->parent;
    chain = &log.chains[static_cast<std::size_t>(branch)];
  }
  if (seq == chain->last.seq) return std::optional<Hash>(chain->last.hash);
  if (seq == 0) return std::optional<Hash>(log.start);
  if (const Hole* hole = hole_at(log, branch, seq)) {
    return seq == hole->through.seq ? std::optional<Hash>(hole->through.hash) : std::nullopt;
  }
  const bool here = looked_at_.log_ref == log.log_ref && looked_at_.branch == branch && seq >= looked_at_.first_seq &&
                    seq < looked_at_.first_seq + looked_at_.hashes.size();
  if (!here) LANTAARN_TRY(look_at(log.log_ref, branch, seq));
  return std::optional<Hash>(looked_at_.hashes[seq - looked_at_.first_seq]);
}

// The stretch of a chain that holds `seq`: a batch, or what is left of older ones.
Status Inbox::look_at(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq) {
  for (Statement* find : {&statements_.covering, &statements_.past}) {
    find->reset();
    LANTAARN_ASSIGN(const bool row, find->bind(1, log_ref).bind(2, branch).bind(3, stored_int(seq)).step());
    if (!row || seq_at(*find, 1) < seq) continue;
    looked_at_ = {log_ref, branch, seq_at(*find, 0), {}};
    if (find == &statements_.past) {
      looked_at_.hashes = hashes_in(find->column_blob(2));
    } else {
      LANTAARN_ASSIGN(looked_at_.hashes, entry_hashes(find->column_blob(2), find->column_int(3) != 0));
    }
    find->reset();
    if (seq - looked_at_.first_seq < looked_at_.hashes.size()) return {};
  }
  return corrupt("database_damaged", {database_.name()});
}

Status Inbox::begin_with(const std::vector<Past>& pasts) {
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database_));
  LANTAARN_ASSIGN(Statement put, database_.prepare("INSERT INTO past(log_ref, branch, first_seq, last_seq, hashes) VALUES($1, $2, $3, $4, $5)"));
  for (const Past& past : pasts) {
    if (past.hashes.empty()) return bug("inbox: a past of nothing");
    LANTAARN_ASSIGN(Log log, find(past.log));
    if (log.log_ref == 0) LANTAARN_TRY(add(past.log, log));
    Bytes hashes;
    for (const Hash& hash : past.hashes) lantaarn::append(hashes, hash);
    const std::uint64_t last_seq = past.first_seq + past.hashes.size() - 1;
    LANTAARN_TRY(put.bind(1, log.log_ref).bind(2, past.branch).bind(3, stored_int(past.first_seq)).bind(4, stored_int(last_seq)).bind(5, hashes).run());
    LANTAARN_TRY(statements_.put_chain.bind(1, log.log_ref)
                     .bind(2, past.branch)
                     .bind(3, past.parent)
                     .bind(4, stored_int(past.first_seq))
                     .bind(5, stored_int(last_seq))
                     .bind(6, past.hashes.back())
                     .run());
  }
  return transaction.commit();
}

Status Inbox::append(Log& log, const Chain& chain, const Incoming& batch, const journal::BatchSummary& summary,
                     std::uint64_t from_seq) {
  if (log.log_ref == 0) LANTAARN_TRY(add(batch.log, log));
  Bytes rest;
  ByteView bytes = batch.bytes;
  if (from_seq != summary.first_seq) {
    rest = trimmed(batch.bytes, summary.first_seq, from_seq);
    bytes = rest;
  }
  if (!log.holes.empty()) {
    LANTAARN_ASSIGN(const auto items, journal::parse_batch(bytes));
    LANTAARN_TRY(check_secured(log, chain.branch, items));
  }
  LANTAARN_TRY(put_batch(log.log_ref, chain.branch, from_seq, summary.last, batch, summary.author_unknown, bytes));
  Chain longer = chain;
  longer.last = summary.last;
  return put_chain(log.log_ref, longer);
}

Status Inbox::put_batch(std::int64_t log_ref, std::int64_t branch, std::uint64_t first_seq, const Position& last, const Incoming& batch,
                        bool author_unknown, ByteView bytes) {
  LANTAARN_TRY(statements_.add_batch.bind(1, log_ref)
                   .bind(2, branch)
                   .bind(3, stored_int(first_seq))
                   .bind(4, stored_int(last.seq))
                   .bind(5, last.hash)
                   .bind(6, batch.received_ms)
                   .bind(7, author_unknown ? 1 : 0)
                   .bind_static(8, bytes)
                   .run());
  last_inbox_id_ = database_.last_row_id();
  return {};
}

Status Inbox::put_chain(std::int64_t log_ref, const Chain& chain) {
  return statements_.put_chain.bind(1, log_ref)
      .bind(2, chain.branch)
      .bind(3, chain.parent)
      .bind(4, stored_int(chain.first_seq))
      .bind(5, stored_int(chain.last.seq))
      .bind(6, chain.last.hash)
      .run();
}

}  // namespace lantaarn::server::inbox
