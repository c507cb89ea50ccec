// Sender's upward half: batches, receipts, gaps and forks.

#include <algorithm>

#include "common/sync/message.hpp"
#include "common/sync/sender.hpp"

namespace lantaarn::sync {

Result<std::optional<Bytes>> Sender::next_push() {
  if (in_flight_.size() >= kWindowBatches) return std::optional<Bytes>();
  for (std::size_t index = 0; index < logs_.size(); ++index) {
    LANTAARN_ASSIGN(std::optional<Bytes> message, push_from(index));
    if (message) return message;
  }
  if (!in_flight_.empty()) return std::optional<Bytes>();
  LANTAARN_TRY(settle());
  enter(Phase::kFetching);
  pb::Message done;
  done.mutable_push_done();
  return std::optional<Bytes>(to_message(done));
}

Result<std::optional<Bytes>> Sender::push_from(std::size_t index) {
  Log& log = logs_[index];
  if (log.next_seq <= log.at.pruned.seq) {
    LANTAARN_ASSIGN(Bytes message, pruned_message(index));
    return std::optional<Bytes>(std::move(message));
  }
  if (log.exhausted || log.next_seq > log.at.head.seq) return std::optional<Bytes>();
  LANTAARN_ASSIGN(const OutgoingBatch batch, source_.read_batch(log.at.origin.log, log.next_seq));
  log.exhausted = batch.bytes.empty();
  if (log.exhausted) return std::optional<Bytes>();
  if (batch.last.seq < log.next_seq || batch.bytes.size() > kBatchBytesMax) return bug("sync: batch from the source");
  in_flight_.push_back({index, batch.last, batch.entries});
  log.next_seq = batch.last.seq + 1;
  log.sent_seq = std::max(log.sent_seq, batch.last.seq);
  ++outcome_.progress.batches_sent;
  outcome_.progress.entries_sent += batch.entries;
  report();
  return std::optional<Bytes>(push_message(log.at.origin.log, batch.bytes));
}

// Asked for what is no longer here: where this log goes on, and why that may be.
Result<Bytes> Sender::pruned_message(std::size_t index) {
  Log& log = logs_[index];
  const Place& at = log.at.pruned;
  LANTAARN_ASSIGN(const Bytes statement, source_.secured_statement(log.at.origin.log));
  pb::Message message;
  pb::Pruned& pruned = *message.mutable_pruned();
  pruned.set_log_id(to_string(log.at.origin.log.view()));
  pruned.set_seq(at.seq);
  pruned.set_hash(to_string(at.hash));
  if (!pruned.mutable_secured()->ParseFromString(to_string(statement))) return corrupt("database_damaged", {"journal.db"});
  in_flight_.push_back({index, at, 0});
  log.next_seq = at.seq + 1;
  return to_message(message);
}

// A receipt is cumulative: it settles every batch of its log up to there.
Status Sender::on_ack(const pb::Ack& ack) {
  LANTAARN_ASSIGN(const pb::Statement statement,
                  verify_statement(*receipt_key_, kReceiptContext, ack.receipt(), config_.device));
  if (statement.epoch() != outcome_.epoch || statement.counter() < receipt_counter_) return reject_peer("statement_old");
  receipt_counter_ = statement.counter();
  pb::Receipt receipt;
  if (!receipt.ParseFromString(statement.body())) return in_context(reject_peer("receipt_wrong"), "unreadable");
  Log* log = find(receipt.log_id());
  const auto through = place_from(receipt.seq(), receipt.hash());
  if (log == nullptr && from_file_) return {};  // a log of before this handheld was made anew
  if (log == nullptr || !through || through->seq == 0) return in_context(reject_peer("receipt_wrong"), "no such place");
  // Of what was pruned nothing can be said any more: PRUNED answers that.
  if (through->seq < log->at.pruned.seq) return {};
  // Of a log that has forked, what both branches begin with is received; the rest of the server's word is about another.
  if (log->diverged && !holds(*log, *through)) return {};
  LANTAARN_TRY(check_receipt(*log, *through));
  const std::size_t batches = landed(*log, through->seq);
  if (through->seq <= log->at.received.seq || (log->receipt_place && through->seq <= log->receipt_place->seq)) return {};
  log->receipt_place = through;
  log->receipt = to_bytes(as_bytes(ack.receipt().SerializeAsString()));
  unrecorded_ += batches;
  return unrecorded_ >= kReceiptsBetweenRecords || in_flight_.empty() ? settle() : Status();
}

bool Sender::holds(const Log& log, const Place& through) {
  if (through.seq > log.at.head.seq) return false;
  const auto ours = source_.hash_at(log.at.origin.log, through.seq);
  return ours.ok() && *ours == through.hash;
}

// It must name what this device holds: a receipt for anything else would let an entry be forgotten.
Status Sender::check_receipt(const Log& log, const Place& through) {
  if (through.seq > log.at.head.seq) return in_context(reject_peer("receipt_wrong"), "beyond the head");
  for (const InFlight& batch : in_flight_) {
    if (&logs_[batch.log] != &log || batch.last.seq != through.seq) continue;
    return batch.last.hash == through.hash ? Status() : in_context(reject_peer("receipt_wrong"), "another hash");
  }
  LANTAARN_ASSIGN(const Hash ours, source_.hash_at(log.at.origin.log, through.seq));
  if (ours != through.hash) return in_context(reject_peer("receipt_wrong"), "another hash");
  return {};
}

// Batches of this log up to there are no longer in flight; how many they were.
std::size_t Sender::landed(const Log& log, std::uint64_t through_seq) {
  const std::size_t before = in_flight_.size();
  std::erase_if(in_flight_, [&](const InFlight& batch) {
    if (&logs_[batch.log] != &log || batch.last.seq > through_seq) return false;
    outcome_.progress.entries_received += batch.entries;
    return true;
  });
  if (in_flight_.size() != before) report();
  return before - in_flight_.size();
}

Status Sender::on_nak(const pb::Nak& nak) {
  Log* log = find(nak.log_id());
  if (log == nullptr || nak.from_seq() == 0 || nak.from_seq() > log->at.head.seq) return protocol_error("NAK of no place");
  if (phase_ != Phase::kPushing || nak.from_seq() >= log->next_seq) return {};
  if (++log->rewinds > kRewindsMax) return protocol_error("too many NAKs");
  std::erase_if(in_flight_, [&](const InFlight& batch) { return &logs_[batch.log] == log && batch.last.seq >= nak.from_seq(); });
  log->next_seq = nak.from_seq();
  log->exhausted = false;
  return {};
}

Status Sender::on_fork_noted(const pb::ForkNoted& noted) {
  Log* log = find(noted.log_id());
  const auto through = place_from(noted.through_seq(), noted.through_hash());
  if (log == nullptr && from_file_) return {};
  if (log == nullptr || !through || through->seq == 0) return protocol_error("fork of no place");
  if (through->seq < log->at.pruned.seq) return {};  // secured since, and gone here
  LANTAARN_TRY(check_receipt(*log, *through));
  LANTAARN_TRY(diverge(*log));
  landed(*log, through->seq);
  if (through->seq <= log->at.fork_noted_seq) return {};
  log->at.fork_noted_seq = through->seq;
  return source_.record_fork_noted(log->at.origin.log, through->seq);
}

Status Sender::settle() {
  unrecorded_ = 0;
  for (Log& log : logs_) LANTAARN_TRY(record(log));
  return {};
}

Status Sender::record(Log& log) {
  const std::uint64_t sent = std::exchange(log.sent_seq, 0);
  if (log.receipt_place) {
    LANTAARN_TRY(source_.record_received(log.at.origin.log, *log.receipt_place, log.receipt));
    log.at.received = *log.receipt_place;
    log.receipt_place.reset();
  }
  return sent > log.at.received.seq ? source_.record_sent(log.at.origin.log, sent) : Status();
}

}  // namespace lantaarn::sync
