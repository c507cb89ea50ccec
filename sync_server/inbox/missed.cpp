// A log of which a part is missing here and gone on its handheld: it goes on behind the anchor, and what is missing is
// written down. Should it come after all (a rescue of an older copy), it takes its place.

#include <algorithm>

#include "sync_server/inbox/inbox.hpp"

namespace lantaarn::server::inbox {

using database::Statement;
using journal::Position;

namespace {

std::int64_t stored_int(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t seq_at(const Statement& row, int column) { return static_cast<std::uint64_t>(row.column_int(column)); }
Hash hash_in(const Statement& row, int column) { return to_array<32>(row.column_blob(column)).value_or(Hash{}); }

}  // namespace

Status Inbox::read_holes(Log& log) {
  Statement& rows = statements_.holes;
  rows.reset();
  rows.bind(1, log.log_ref);
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    log.holes.push_back({rows.column_int(0), seq_at(rows, 1), {seq_at(rows, 2), hash_in(rows, 3)}, {seq_at(rows, 4), hash_in(rows, 5)}});
  }
  rows.reset();
  return {};
}

const Inbox::Hole* Inbox::hole_at(const Log& log, std::int64_t branch, std::uint64_t seq) {
  const auto found = std::find_if(log.holes.begin(), log.holes.end(), [&](const Hole& hole) {
    return hole.branch == branch && hole.from_seq <= seq && seq <= hole.through.seq;
  });
  return found == log.holes.end() ? nullptr : &*found;
}

// The anchor stands where this log ends here: ahead of everything, or beside it when something else stands at its place.
Result<Landed> Inbox::land_anchor(const Incoming& batch) {
  const Incoming::Anchor& anchor = *batch.anchor;
  LANTAARN_ASSIGN(Log log, find(batch.log));
  for (const Chain& chain : log.chains) {
    LANTAARN_ASSIGN(const auto here, hash_on(log, chain.branch, anchor.at.seq));
    if (here == anchor.at.hash) return Landed{chain.branch == 0 ? Landing::kMain : Landing::kFork, anchor.at, 0};
  }
  if (anchor.secured.seq == anchor.at.seq && anchor.secured.hash != anchor.at.hash) return reject_peer("chain_broken", {std::to_string(anchor.at.seq)});
  if (log.log_ref == 0) LANTAARN_TRY(add(batch.log, log));
  Chain chain = log.chains.front();
  std::uint64_t from_seq = chain.last.seq + 1;
  if (chain.last.seq >= anchor.at.seq) {
    if (log.chains.size() > kBranchesMax) return in_context(reject_peer("protocol_error"), "too many branches");
    chain = Chain{log.chains.back().branch + 1, 0, anchor.at.seq, {}};
    from_seq = anchor.at.seq;
  }
  chain.last = anchor.at;
  LANTAARN_TRY(put_chain(log.log_ref, chain));
  LANTAARN_TRY(put_hole(log.log_ref, {chain.branch, from_seq, anchor.at, anchor.secured}));
  return Landed{chain.branch == 0 ? Landing::kMain : Landing::kFork, anchor.at, 0};
}

Status Inbox::put_hole(std::int64_t log_ref, const Hole& hole) {
  return statements_.put_hole.bind(1, log_ref)
      .bind(2, hole.branch)
      .bind(3, stored_int(hole.from_seq))
      .bind(4, stored_int(hole.through.seq))
      .bind(5, hole.through.hash)
      .bind(6, stored_int(hole.secured.seq))
      .bind(7, hole.secured.hash)
      .run();
}

// What goes on behind an anchor must lead to the place that the authority had stated.
Status Inbox::check_secured(const Log& log, std::int64_t branch, const std::vector<journal::BatchItem>& items) {
  const std::uint64_t first = items.front().entry.header.seq;
  for (const Hole& hole : log.holes) {
    const bool within = hole.branch == branch && hole.secured.seq >= first && hole.secured.seq < first + items.size();
    if (within && journal::entry_hash(items[hole.secured.seq - first].entry.bytes) != hole.secured.hash) {
      return reject_peer("chain_broken", {std::to_string(hole.secured.seq)});
    }
  }
  return {};
}

// Entries from `seq` on that are missing here, as far as the hole reaches; where they went. Nothing: they do not fit in it.
Result<std::optional<std::uint64_t>> Inbox::fill_hole(Log& log, const Hole& hole, const Incoming& batch, const journal::BatchSummary& summary,
                                                      const std::vector<journal::BatchItem>& items, std::uint64_t seq) {
  const std::uint64_t last = std::min(summary.last.seq, hole.through.seq);
  const journal::BatchItem& end = items[last - summary.first_seq];
  const Hash end_hash = journal::entry_hash(end.entry.bytes);
  const bool fits = seq == hole.from_seq && !end.signature.empty() && (last < hole.through.seq || end_hash == hole.through.hash);
  if (!fits) return std::optional<std::uint64_t>();
  Bytes bytes;
  for (std::uint64_t at = seq; at <= last; ++at) {
    const journal::BatchItem& item = items[at - summary.first_seq];
    journal::append_to_batch(bytes, item.entry.bytes, item.signature);
  }
  LANTAARN_TRY(put_batch(log.log_ref, hole.branch, seq, {last, end_hash}, batch, summary.author_unknown, bytes));
  LANTAARN_TRY(statements_.remove_hole.bind(1, log.log_ref).bind(2, hole.branch).bind(3, stored_int(hole.through.seq)).run());
  if (last < hole.through.seq) LANTAARN_TRY(put_hole(log.log_ref, {hole.branch, last + 1, hole.through, hole.secured}));
  log.holes.clear();
  LANTAARN_TRY(read_holes(log));
  return std::optional(last);
}

}  // namespace lantaarn::server::inbox
