// What the handheld no longer has to keep: entries of which the server's authority said that they are secured.

#include <algorithm>

#include "common/journal/state.hpp"

namespace lantaarn::journal {
namespace {

using database::Database;
using database::Statement;

/// A commit deletes so many: what is deleted is overwritten in the WAL first, and a full disk must not stop that.
constexpr std::int64_t kDeletedPerCommit = 500;

// A place behind which everything can be opened by a server that never saw what was before it.
struct Cut {
  Position at;
  Bytes signature;
};

Status delete_pruned(Database& database, std::int64_t log_ref, std::uint64_t through) {
  while (true) {
    LANTAARN_ASSIGN(Statement remove, database.prepare("DELETE FROM entry WHERE place IN (SELECT place FROM entry WHERE place > $1 "
                                                       "AND place <= $2 ORDER BY place LIMIT $3)"));
    LANTAARN_TRY(remove.bind(1, place_of(log_ref, 0)).bind(2, place_of(log_ref, through)).bind(3, kDeletedPerCommit).run());
    if (database.changed_rows() < kDeletedPerCommit) return {};
  }
}

Status store_anchor(Database& database, std::int64_t log_ref, const Cut& cut, bool at_head) {
  // The next entry after an empty log tells its seal key again: the one that did is gone.
  LANTAARN_ASSIGN(Statement update, database.prepare("UPDATE log SET pruned_seq = $1, pruned_hash = $2, pruned_signature = $3, "
                                                     "last_seal_key = CASE WHEN $4 THEN x'' ELSE last_seal_key END WHERE log_ref = $5"));
  return update.bind(1, static_cast<std::int64_t>(cut.at.seq))
      .bind(2, cut.at.hash)
      .bind(3, cut.signature)
      .bind(4, at_head ? 1 : 0)
      .bind(5, log_ref)
      .run();
}

}  // namespace

Status Journal::record_secured(const LogId& log, const Position& through, ByteView signed_statement) {
  LANTAARN_ASSIGN(const LogState state, log_state(log));
  if (through.seq <= state.secured.seq) return {};
  LANTAARN_ASSIGN(const Hash ours, hash_at(log, through.seq));
  if (ours != through.hash) return refused("entry_unknown");
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  LANTAARN_ASSIGN(Statement update, state_->database.prepare("UPDATE log SET secured_seq = $1, secured_hash = $2, secured = $3 "
                                                             "WHERE log_ref = $4 AND secured_seq < $1"));
  return update.bind(1, static_cast<std::int64_t>(through.seq)).bind(2, through.hash).bind(3, signed_statement).bind(4, log_ref).run();
}

Result<Bytes> Journal::secured_statement(const LogId& log) {
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  LANTAARN_ASSIGN(Statement find, state_->database.prepare("SELECT secured FROM log WHERE log_ref = $1"));
  LANTAARN_ASSIGN(const bool row, find.bind(1, log_ref).step());
  if (!row) return refused("entry_unknown");
  return to_bytes(find.column_blob(0));
}

Result<std::uint64_t> Journal::prune(const LogId& log, std::uint64_t through) {
  LANTAARN_ASSIGN(const LogState state, log_state(log));
  LANTAARN_ASSIGN(const std::int64_t log_ref, log_ref_of(log));
  // What a power cut left over of the last time.
  LANTAARN_TRY(delete_pruned(state_->database, log_ref, state.pruned.seq));
  const std::uint64_t limit = std::min(through, state.secured.seq);
  if (limit <= state.pruned.seq) return std::uint64_t{0};

  Cut last{state.pruned, {}};
  std::optional<Cut> cut;
  bool proven = false;
  bool ended = false;
  const auto look = [&](const EntryView& entry, ByteView signature) -> Status {
    // Through here the one before it may go: this one tells its seal key itself.
    if (!entry.box.empty() && last.at.seq > state.pruned.seq && last.at.seq <= limit) cut = last;
    last = {{entry.header.seq, entry_hash(entry.bytes)}, to_bytes(signature)};
    proven = proven || last.at == state.secured;
    ended = last.at.seq > state.secured.seq;
    return ended ? refused("entry_unknown") : Status();
  };
  const Status walked = scan(log, state.pruned.seq + 1, look);
  if (!walked.ok() && !ended) return walked.error();
  if (!proven) return corrupt("chain_broken", {std::to_string(state.secured.seq)});
  const bool at_head = last.at == state.head && last.at.seq <= limit;
  if (at_head) cut = last;
  if (!cut) return std::uint64_t{0};
  LANTAARN_TRY(store_anchor(state_->database, log_ref, *cut, at_head));
  if (at_head && log == state_->log) state_->last_seal_key.clear();
  LANTAARN_TRY(delete_pruned(state_->database, log_ref, cut->at.seq));
  return cut->at.seq - state.pruned.seq;
}

}  // namespace lantaarn::journal
