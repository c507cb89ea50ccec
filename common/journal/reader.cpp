#include "common/journal/state.hpp"

namespace lantaarn::journal {
namespace {

using database::Database;
using database::Statement;

Result<std::optional<std::int64_t>> find_log(Database& database, const LogId& log) {
  LANTAARN_ASSIGN(Statement find, database.prepare("SELECT log_ref FROM log WHERE log_id = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, log.view()).step());
  if (!row) return std::optional<std::int64_t>{};
  return std::optional<std::int64_t>{find.column_int(0)};
}

Result<Position> head_of(Database& database, std::int64_t log_ref) {
  LANTAARN_ASSIGN(Statement find, database.prepare("SELECT head_seq, head_hash FROM log WHERE log_ref = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, log_ref).step());
  if (!row) return refused("entry_unknown");
  return Position{unsigned_column(find, 0), hash_from(find.column_blob(1))};
}

}  // namespace

Result<Hash> Journal::hash_at(const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(const auto states, logs());
  for (const LogState& state : states) {
    if (state.genesis.log == log && seq == 0) return genesis_hash(state.genesis);
  }
  LANTAARN_ASSIGN(const auto log_ref, find_log(state_->database, log));
  if (!log_ref) return refused("entry_unknown");
  LANTAARN_ASSIGN(Statement find, state_->database.prepare("SELECT bytes FROM entry WHERE place = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, place_of(*log_ref, seq)).step());
  if (!row) return refused("entry_unknown");
  return entry_hash(find.column_blob(0));
}

// An entry is visited once the one after it, or the log's head, has confirmed its hash.
Status Journal::scan(const LogId& log, std::uint64_t from, const Visitor& visitor) {
  if (from == 0) return bug("journal: entries start at 1");
  LANTAARN_ASSIGN(const auto log_ref, find_log(state_->database, log));
  if (!log_ref) return refused("entry_unknown");
  LANTAARN_ASSIGN(const auto head, head_of(state_->database, *log_ref));
  auto before = hash_at(log, from - 1);
  if (!before.ok()) return corrupt("chain_broken", {std::to_string(from - 1)});
  LANTAARN_ASSIGN(Statement rows, state_->database.prepare("SELECT bytes, signature FROM entry WHERE place >= $1 AND place < $2 "
                                                           "ORDER BY place"));
  rows.bind(1, place_of(*log_ref, from)).bind(2, place_of(*log_ref + 1, 0));
  ChainVerifier chain(state_->device, log, {from - 1, *before});
  Bytes waiting;
  Bytes waiting_signature;
  const auto visit_waiting = [&]() -> Status {
    if (waiting.empty()) return {};
    LANTAARN_ASSIGN(const EntryView entry, parse_entry(waiting));
    return visitor(entry, waiting_signature);
  };
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    LANTAARN_ASSIGN(const EntryView entry, parse_entry(rows.column_blob(0)));
    LANTAARN_TRY(chain.advance(entry));
    LANTAARN_TRY(visit_waiting());
    const ByteView signature = rows.column_blob(1);
    waiting.assign(entry.bytes.begin(), entry.bytes.end());
    waiting_signature.assign(signature.begin(), signature.end());
  }
  if (chain.at().seq == head.seq && chain.at().hash != head.hash) return corrupt("chain_broken", {std::to_string(head.seq)});
  return visit_waiting();
}

namespace {

// The end of a run within a batch being read: the last entry of an author's run, or any signed entry.
struct RunEnd {
  std::size_t batch_bytes = 0;  ///< of the batch through this entry
  UserId author;
  Position at;
  Bytes signature;
};

bool verifies(const RunEnd& end, const DeviceId& device, const LogId& log, const std::vector<KnownAuthor>& authors) {
  if (end.signature.empty()) return false;
  bool known = false;
  for (const KnownAuthor& author : authors) {
    if (author.id != end.author) continue;
    if (verify_head(author.key, device, log, end.at.seq, end.at.hash, end.signature)) return true;
    known = true;
  }
  return !known;
}

// How much of the batch the gateway will take: through the last end that verifies, with every change of author before
// it verifying too.
std::size_t usable_bytes(const std::vector<RunEnd>& ends, const DeviceId& device, const LogId& log,
                         const std::vector<KnownAuthor>& authors) {
  std::size_t limit = ends.size();
  for (std::size_t i = 0; i + 1 < limit; ++i) {
    if (ends[i].author != ends[i + 1].author && !verifies(ends[i], device, log, authors)) limit = i + 1;
  }
  while (limit > 0 && !verifies(ends[limit - 1], device, log, authors)) --limit;
  return limit == 0 ? 0 : ends[limit - 1].batch_bytes;
}

}  // namespace

Result<Bytes> Journal::read_batch(const LogId& log, std::uint64_t from) {
  Bytes batch;
  std::size_t entries = 0;
  std::vector<RunEnd> ends;
  std::optional<UserId> author;
  bool full = false;
  const Status scanned = scan(log, from, [&](const EntryView& entry, ByteView stored) -> Status {
    const ByteView signature = stored.size() == crypto::kSignatureBytes ? stored : ByteView{};
    full = batch.size() + batch_record_bytes(entry.bytes.size(), true) > kBatchBytesMax || entries == kBatchEntriesMax;
    if (full) return refused("batch_full");
    // An author's run that ends unsigned is an end that does not verify.
    if (author && *author != entry.header.author && (ends.empty() || ends.back().batch_bytes != batch.size())) {
      ends.push_back({batch.size(), *author, {}, {}});
    }
    author = entry.header.author;
    append_to_batch(batch, entry.bytes, signature);
    ++entries;
    if (!signature.empty()) {
      ends.push_back({batch.size(), entry.header.author, {entry.header.seq, entry_hash(entry.bytes)}, to_bytes(signature)});
    }
    return {};
  });
  const std::size_t usable = usable_bytes(ends, state_->device, log, state_->authors);
  // A chain that breaks later on does not hold back the good entries before it.
  if (!scanned.ok() && !full && usable == 0) return scanned.error();
  if (entries > 0 && usable == 0) return corrupt("signature_damaged", {std::to_string(from)});
  batch.resize(usable);
  return batch;
}

}  // namespace lantaarn::journal
