#include <algorithm>

#include "common/journal/state.hpp"

namespace lantaarn::journal {

using database::Statement;

// Without the index: that it disagrees with the table must not keep a receipt from being written down.
Result<std::int64_t> Journal::log_ref_of(const LogId& log) {
  for (const auto& [log_ref, name] : state_->renamed) {
    if (name == log) return log_ref;
  }
  LANTAARN_ASSIGN(Statement find, state_->database.prepare("SELECT log_ref FROM log NOT INDEXED WHERE log_id = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, log.view()).step());
  // Whoever asks has seen it among the logs.
  if (!row) return corrupt("database_damaged", {state_->database.name()});
  return find.column_int(0);
}

Result<Hash> Journal::hash_at(const LogId& log, std::uint64_t seq) {
  LANTAARN_ASSIGN(const LogState state, log_state(log));
  if (seq == 0) return genesis_hash(state.genesis);
  if (seq == state.pruned.seq) return state.pruned.hash;
  if (seq < state.pruned.seq) return refused("entry_unknown");
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  Statement& find = state_->select_entry;
  find.reset();
  LANTAARN_ASSIGN(const bool row, find.bind(1, place_of(log_ref, seq)).step());
  if (!row) return seq > state.head.seq ? Result<Hash>(refused("entry_unknown")) : hash_by_looking(place_of(log_ref, seq));
  const Hash hash = entry_hash(find.column_blob(0));
  find.reset();
  return hash;
}

// Where a page that leads to it has rotted, an entry is still there for whoever goes through all of them.
Result<Hash> Journal::hash_by_looking(std::int64_t place) {
  LANTAARN_ASSIGN(Statement find, state_->database.prepare("SELECT bytes FROM entry WHERE +place = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, place).step());
  if (!row) return refused("entry_unknown");
  return entry_hash(find.column_blob(0));
}

namespace {

// By somebody who is known to have signed here.
bool is_signed(const DeviceId& device, const LogId& log, const Position& at, const UserId& author, ByteView signature,
               const std::vector<KnownAuthor>& authors) {
  return std::any_of(authors.begin(), authors.end(), [&](const KnownAuthor& known) {
    return known.id == author && verify_head(known.key, device, log, at.seq, at.hash, signature);
  });
}

}  // namespace

namespace {

// What is missing at the end of a damaged log was said at opening; of any other, rows that end early are an end that rotted.
std::uint64_t ends_at(const LogState& log, const std::vector<Damage>& damage) {
  const auto found = std::find_if(damage.begin(), damage.end(), [&](const Damage& each) { return each.log == log.genesis.log; });
  return found == damage.end() ? log.head.seq : found->good_through;
}

}  // namespace

// An entry is visited once the one after it, or the log's head, has confirmed its hash; before damage, its own signature does.
Status Journal::scan(const LogId& log, std::uint64_t from, const Visitor& visitor) {
  if (from == 0) return bug("journal: entries start at 1");
  LANTAARN_ASSIGN(const LogState state, log_state(log));
  if (from <= state.pruned.seq) return refused("entry_pruned");
  const Position& head = state.head;
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  auto before = hash_at(log, from - 1);
  if (!before.ok() && before.error().code == "entry_unknown") return corrupt("chain_broken", {std::to_string(from - 1)});
  if (!before.ok()) return before.error();
  LANTAARN_ASSIGN(Statement rows, state_->database.prepare("SELECT bytes, signature FROM entry WHERE place >= $1 AND place < $2 "
                                                           "ORDER BY place"));
  rows.bind(1, place_of(log_ref, from)).bind(2, place_of(log_ref + 1, 0));
  ChainVerifier chain(state_->device, log, {from - 1, *before});
  Bytes waiting;
  Bytes waiting_signature;
  const auto visit_waiting = [&]() -> Status {
    if (waiting.empty()) return {};
    LANTAARN_ASSIGN(const EntryView entry, parse_entry(waiting));
    return visitor(entry, waiting_signature);
  };
  const auto stop_at = [&](const Error& damage) -> Status {
    if (waiting.empty()) return damage;
    LANTAARN_ASSIGN(const EntryView last, parse_entry(waiting));
    const bool confirmed = is_signed(state_->device, log, chain.at(), last.header.author, waiting_signature, state_->authors);
    if (confirmed) LANTAARN_TRY(visit_waiting());
    return damage;
  };
  while (true) {
    const auto row = rows.step();
    if (!row.ok()) return stop_at(row.error());
    if (!*row) break;
    const auto entry = parse_entry(rows.column_blob(0));
    if (!entry.ok()) return stop_at(entry.error());
    if (const Status next = chain.advance(*entry); !next.ok()) return stop_at(next.error());
    LANTAARN_TRY(visit_waiting());
    const ByteView signature = rows.column_blob(1);
    waiting.assign(entry->bytes.begin(), entry->bytes.end());
    waiting_signature.assign(signature.begin(), signature.end());
  }
  if (chain.at().seq < ends_at(state, state_->damage)) return stop_at(corrupt("chain_broken", {std::to_string(chain.at().seq + 1)}));
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
