#include "firmware_app/outbox/outbox.hpp"

#include <algorithm>
#include <map>

namespace lantaarn::firmware {

static_assert(journal::kBatchEntriesMax <= sync::kBatchEntriesMax && journal::kBatchBytesMax <= sync::kBatchBytesMax);

namespace {

// From the oldest on, and only as many as are too many.
template <typename Test>
void drop(std::vector<journal::LogState>& logs, Test&& may_go) {
  for (auto at = logs.begin(); logs.size() > sync::kHelloLogsMax && at != logs.end();) {
    at = may_go(*at) ? logs.erase(at) : std::next(at);
  }
}

}  // namespace

Result<OutboxCounts> Outbox::counts() {
  LANTAARN_ASSIGN(const auto states, journal_.logs());
  OutboxCounts counts;
  for (const journal::LogState& log : states) {
    counts.saved += log.head.seq;
    counts.sent += std::max(log.sent_seq, log.received.seq);
    counts.received += log.received.seq;
    counts.merged += log.merged_seq;
    counts.secured += log.secured.seq;
  }
  return counts;
}

Result<bool> Outbox::everything_received() {
  if (!unreadable_.empty()) return false;
  LANTAARN_ASSIGN(const auto states, journal_.logs());
  for (const journal::LogState& log : states) {
    LANTAARN_ASSIGN(const std::uint64_t noted, fork_noted(log.genesis.log));
    // By its hash too: a number that rotted is no receipt.
    if (log.received != log.head && std::max(noted, log.pruned.seq) < log.head.seq) return false;
  }
  return true;
}

Result<std::vector<sync::SourceLog>> Outbox::logs() {
  LANTAARN_ASSIGN(auto states, journal_.logs());
  LANTAARN_TRY(limit(states));
  std::vector<sync::SourceLog> logs;
  for (const journal::LogState& state : states) {
    if (is_lost(state)) continue;
    sync::SourceLog log;
    log.origin = {state.genesis.log, state.genesis.after_log, {state.genesis.after_seq, state.genesis.after_hash}};
    log.received = {state.received.seq, state.received.hash};
    log.pruned = {state.pruned.seq, state.pruned.hash};
    LANTAARN_ASSIGN(log.head, readable_head(state));
    LANTAARN_ASSIGN(log.fork_noted_seq, fork_noted(state.genesis.log));
    logs.push_back(log);
  }
  return logs;
}

// Only a handheld that was put back or damaged hundreds of times has too many. First to go are logs that need no further
// word, then those that wait for a merge only, then the oldest: once the newer ones are at the server, theirs is the turn.
Status Outbox::limit(std::vector<journal::LogState>& logs) {
  if (logs.size() <= sync::kHelloLogsMax) return {};
  std::map<LogId, std::uint64_t> noted;
  for (const journal::LogState& log : logs) {
    LANTAARN_ASSIGN(noted[log.genesis.log], fork_noted(log.genesis.log));
  }
  const auto elsewhere = [&](const auto& log) { return log.frozen && noted[log.genesis.log] >= log.head.seq; };
  drop(logs, [&](const auto& log) { return elsewhere(log) || (log.frozen && log.merged_seq == log.head.seq); });
  drop(logs, [](const auto& log) { return log.frozen && log.received.seq == log.head.seq; });
  drop(logs, [](const auto&) { return true; });
  return {};
}

// Nothing of it is left but an anchor that proves nothing: whoever is asked for more could only be refused.
bool Outbox::is_lost(const journal::LogState& log) const {
  const auto& all = journal_.damage();
  return std::any_of(all.begin(), all.end(), [&](const journal::Damage& damage) {
    return damage.log == log.genesis.log && log.pruned.seq == log.head.seq && log.head.seq != 0;
  });
}

// A log whose tail is missing ends, for the server, where it can still be read.
Result<sync::Place> Outbox::readable_head(const journal::LogState& log) {
  for (const journal::Damage& damage : journal_.damage()) {
    if (damage.log != log.genesis.log) continue;
    const auto hash = journal_.hash_at(log.genesis.log, damage.good_through);
    if (hash.ok() && damage.good_through >= log.pruned.seq) return sync::Place{damage.good_through, *hash};
    return log.pruned.seq == 0 ? sync::Place{0, journal::genesis_hash(log.genesis)} : sync::Place{log.pruned.seq, log.pruned.hash};
  }
  return sync::Place{log.head.seq, log.head.hash};
}

Result<Hash> Outbox::hash_at(const LogId& log, std::uint64_t seq) { return journal_.hash_at(log, seq); }

Result<sync::OutgoingBatch> Outbox::read_batch(const LogId& log, std::uint64_t from) {
  auto bytes = journal_.read_batch(log, from);
  if (!bytes.ok() && bytes.error().kind == ErrorKind::kCorrupt) {
    // What cannot be read does not hold up the other logs, nor what is saved from now on: that goes to a log of its own.
    // A rotten signature is covered by the next save in the same log.
    unreadable_.push_back(log);
    if (bytes.error().code != "signature_damaged") LANTAARN_TRY(log_diverged(log));
    return sync::OutgoingBatch{};
  }
  if (!bytes.ok()) return bytes.error();
  if (bytes->empty()) return sync::OutgoingBatch{};
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(*bytes));
  const journal::EntryView& last = items.back().entry;
  return sync::OutgoingBatch{std::move(*bytes), items.size(), {last.header.seq, journal::entry_hash(last.bytes)}};
}

Status Outbox::record_sent(const LogId& log, std::uint64_t seq) { return journal_.record_sent(log, seq); }

Status Outbox::record_received(const LogId& log, const sync::Place& through, ByteView signed_receipt) {
  return journal_.record_received(log, {through.seq, through.hash}, signed_receipt);
}

Status Outbox::record_merged(const LogId& log, std::uint64_t seq) { return journal_.record_merged(log, seq); }

Status Outbox::record_secured(const LogId& log, const sync::Place& through, ByteView signed_statement) {
  return journal_.record_secured(log, {through.seq, through.hash}, signed_statement);
}

Result<Bytes> Outbox::secured_statement(const LogId& log) { return journal_.secured_statement(log); }

Status Outbox::record_fork_noted(const LogId& log, std::uint64_t seq) {
  Bytes value;
  append_le(value, seq);
  return journal_.save_companions({{kForkNotedCompanion, to_bytes(log.view()), std::move(value)}});
}

Result<std::uint64_t> Outbox::fork_noted(const LogId& log) {
  LANTAARN_ASSIGN(const auto value, journal_.companion(kForkNotedCompanion, log.view()));
  if (!value) return std::uint64_t{0};
  return ByteReader(*value).take_le<std::uint64_t>().value_or(0);
}

Status Outbox::log_diverged(const LogId& log) {
  LANTAARN_ASSIGN(const auto states, journal_.logs());
  for (const journal::LogState& state : states) {
    if (state.genesis.log == log && !state.frozen) return journal_.start_new_log();
  }
  return {};
}

}  // namespace lantaarn::firmware
