#include "common/sync/sender.hpp"

#include <algorithm>
#include <utility>

#include "common/sync/message.hpp"

namespace lantaarn::sync {

Sender::Sender(SenderConfig config, SenderSource& source, StatementSink& sink, ProgressSink progress)
    : config_(std::move(config)), source_(source), sink_(sink), progress_(std::move(progress)) {}

Status Sender::begin_file() {
  LANTAARN_TRY(read_logs());
  from_file_ = true;
  phase_ = Phase::kAwaitState;
  return {};
}

Result<std::optional<Bytes>> Sender::next() {
  if (!replies_.empty()) {
    Bytes reply = std::move(replies_.front());
    replies_.pop_front();
    return std::optional<Bytes>(std::move(reply));
  }
  switch (phase_) {
    case Phase::kHello: {
      LANTAARN_ASSIGN(Bytes message, hello());
      phase_ = Phase::kAwaitState;
      return std::optional<Bytes>(std::move(message));
    }
    case Phase::kPushing: return next_push();
    case Phase::kBye: {
      pb::Message bye;
      bye.mutable_bye();
      enter(Phase::kDone);
      return std::optional<Bytes>(to_message(bye));
    }
    case Phase::kAwaitState:
    case Phase::kFetching:
    case Phase::kFile:
    case Phase::kDone: break;
  }
  return std::optional<Bytes>();
}

Status Sender::read_logs() {
  LANTAARN_ASSIGN(std::vector<SourceLog> logs, source_.logs());
  if (logs.size() > kHelloLogsMax) return bug("sync: too many logs");
  for (SourceLog& log : logs) logs_.emplace_back().at = std::move(log);
  return {};
}

Result<Bytes> Sender::hello() {
  LANTAARN_TRY(read_logs());
  pb::Message message;
  pb::Hello& hello = *message.mutable_hello();
  hello.set_protocol(kProtocolVersion);
  hello.set_app_version(config_.app_version.substr(0, kVersionTextMax));
  hello.mutable_clock()->set_wall_ms(config_.clock.wall_ms);
  hello.mutable_clock()->set_monotonic_ms(config_.clock.monotonic_ms);
  hello.mutable_clock()->set_boot_id(to_string(config_.clock.boot_id));
  hello.set_keys_generation(config_.keys_generation);
  for (const Log& each : logs_) {
    const SourceLog& log = each.at;
    pb::LogHead& head = *hello.add_logs();
    head.set_log_id(to_string(log.origin.log.view()));
    if (!log.origin.after_log.is_zero()) {
      head.set_after_log(to_string(log.origin.after_log.view()));
      head.set_after_seq(log.origin.after.seq);
      head.set_after_hash(to_string(log.origin.after.hash));
    }
    head.set_head_seq(log.head.seq);
    head.set_head_hash(to_string(log.head.hash));
    head.set_pruned_seq(log.pruned.seq);
  }
  return to_message(message);
}

Status Sender::receive(ByteView bytes) {
  LANTAARN_ASSIGN(const pb::Message message, parse_message(bytes));
  return handle(message);
}

// A message that was given twice does no harm; one that cannot come now ends the session.
Status Sender::handle(const pb::Message& message) {
  if (message.has_refusal()) return refusal_error(message.refusal());
  if (phase_ == Phase::kHello) return protocol_error("message before HELLO");
  if (message.has_state()) return phase_ == Phase::kAwaitState ? on_state(message.state()) : Status();
  if (phase_ == Phase::kAwaitState) return protocol_error("expected STATE");
  if (message.has_ack()) return on_ack(message.ack());
  if (message.has_nak()) return on_nak(message.nak());
  if (message.has_fork_noted()) return on_fork_noted(message.fork_noted());
  if (phase_ == Phase::kPushing) return protocol_error("expected an acknowledgement");
  if (message.has_down()) return on_down(message.down());
  if (!message.has_down_done()) return protocol_error("unexpected message");
  if (phase_ != Phase::kFetching && phase_ != Phase::kFile) return {};
  LANTAARN_TRY(sink_.complete());
  enter(from_file_ ? Phase::kDone : Phase::kBye);
  return {};
}

Status Sender::on_state(const pb::State& state) {
  if (state.epoch() < config_.epoch) return reject_peer("server_older");
  LANTAARN_ASSIGN(const auto newest, newest_keys(state));
  LANTAARN_TRY(check_epoch(state));
  if (newest) LANTAARN_TRY(adopt(*newest));
  LANTAARN_TRY(accept_receipt_key(state));
  outcome_.server_time_ms = state.server_time_ms();
  if (from_file_) return on_file_state(state);
  if (static_cast<std::size_t>(state.logs_size()) != logs_.size()) return protocol_error("STATE names other logs");
  for (int i = 0; i < state.logs_size(); ++i) {
    const std::size_t index = static_cast<std::size_t>(i);
    if (state.logs(i).log_id() != as_text(logs_[index].at.origin.log.view())) return protocol_error("STATE names other logs");
    LANTAARN_TRY(on_standing(state.logs(i)));
    const Log& log = logs_[index];
    const std::uint64_t from = std::max(log.next_seq, log.at.pruned.seq + 1);
    if (from <= log.at.head.seq) outcome_.progress.entries_to_send += log.at.head.seq + 1 - from;
  }
  enter(Phase::kPushing);
  return {};
}

// A restored server holds less than it once did, and a copy of it would say the same: a higher epoch comes from whoever
// holds two of the recovery key's sheets.
Status Sender::check_epoch(const pb::State& state) const {
  if (state.epoch() == config_.epoch || !config_.recovery_key) return {};
  LANTAARN_ASSIGN(const std::uint32_t proven, verify_epoch(*config_.recovery_key, state.epoch_raised(), config_.server));
  return proven == state.epoch() ? Status() : in_context(reject_peer("epoch_not_proven"), "another epoch");
}

// It names the logs of which the server was brought something; this handheld may have others by now.
Status Sender::on_file_state(const pb::State& state) {
  for (const pb::LogStanding& log : state.logs()) {
    if (find(log.log_id()) != nullptr) LANTAARN_TRY(on_standing(log));
  }
  enter(Phase::kFile);
  return {};
}

Result<std::optional<NewServerKeys>> Sender::newest_keys(const pb::State& state) {
  if (config_.keys_generation == 0) return std::optional<NewServerKeys>();
  LANTAARN_ASSIGN(const StatementMark mark, sink_.mark(pb::SERVER_KEYS, {}));
  const KnownServerKeys known{config_.server, config_.keys_generation, config_.authority_key, config_.sealing_number, mark};
  LANTAARN_ASSIGN(auto newest, follow_key_links(known, state.server_keys(), state.epoch()));
  // The one before may have been replaced while this handheld lay in a drawer, and the server restored with the new one.
  if (newest && newest->keys.recovery) config_.recovery_key = newest->keys.recovery;
  return newest;
}

// Durable before anything is verified with the new authority key: a session that breaks off later has taught it for good.
Status Sender::adopt(const NewServerKeys& newest) {
  LANTAARN_TRY(sink_.accept(newest.statement));
  config_.authority_key = newest.keys.authority;
  ++outcome_.progress.statements;
  return {};
}

Status Sender::accept_receipt_key(const pb::State& state) {
  LANTAARN_ASSIGN(const auto key, verify_receipt_key(config_.authority_key, state.receipt_key(), config_.device));
  LANTAARN_ASSIGN(const pb::Statement statement,
                  verify_statement(config_.authority_key, kAuthorityContext, state.receipt_key(), config_.device));
  // STATE itself is signed by nobody, and its epoch is kept for good.
  if (statement.epoch() != state.epoch()) return in_context(reject_peer("statement_not_authentic"), "epoch");
  receipt_key_ = key;
  outcome_.epoch = state.epoch();
  return keep(statement, state.receipt_key());
}

// Where to go on from: behind what the server holds, as long as that is what we hold.
Status Sender::on_standing(const pb::LogStanding& standing) {
  Log& log = *find(standing.log_id());
  const auto theirs = place_from(standing.received_seq(), standing.received_hash());
  if (!theirs) return protocol_error("STATE without a hash");
  const bool ahead = theirs->seq > log.at.head.seq;
  // Of what was pruned nothing can be compared: PRUNED tells them where this log goes on.
  bool same = theirs->seq == 0 || theirs->seq < log.at.pruned.seq;
  if (!same && !ahead) {
    // An entry that cannot be read here is as good as another one: this log stops, the session goes on.
    const auto ours = source_.hash_at(log.at.origin.log, theirs->seq);
    same = ours.ok() && *ours == theirs->hash;
  }
  log.next_seq = theirs->seq + 1;
  if (same) return {};
  // A server that was put back may have lost what it once acknowledged, on this branch too: all of it goes again.
  const bool put_back = config_.epoch != 0 && outcome_.epoch > config_.epoch;
  if (put_back && std::exchange(log.at.fork_noted_seq, 0) != 0) LANTAARN_TRY(source_.record_fork_noted(log.at.origin.log, 0));
  log.next_seq = (put_back ? log.at.pruned.seq : std::max(log.at.received.seq, log.at.fork_noted_seq)) + 1;
  return diverge(log);
}

Status Sender::diverge(Log& log) {
  if (log.diverged) return {};
  log.diverged = true;
  outcome_.diverged.push_back(log.at.origin.log);
  return source_.log_diverged(log.at.origin.log);
}

Status Sender::on_down(const pb::Down& down) {
  LANTAARN_ASSIGN(const pb::Statement statement,
                  verify_statement(config_.authority_key, kAuthorityContext, down.statement(), config_.device));
  const Status kept = keep(statement, down.statement());
  // A newer server's kind is passed over (counter 0), not acknowledged, so that it comes again after an upgrade; so is what
  // cannot be finished in this session.
  const bool unknown = !kept.ok() && (kept.error().code == "statement_unknown" || kept.error().code == "statement_waits");
  if (!unknown) LANTAARN_TRY(kept);
  pb::Message reply;
  reply.mutable_down_ack()->set_counter(unknown ? 0 : statement.counter());
  reply.mutable_down_ack()->set_kind(statement.kind());
  reply.mutable_down_ack()->set_user_id(statement.user_id());
  if (statement.kind() == pb::DIRECTIVE && !unknown) {
    LANTAARN_ASSIGN(const Bytes key, sink_.renewed_channel_key());
    reply.mutable_down_ack()->set_channel_key(to_string(key));
  }
  replies_.push_back(to_message(reply));
  return {};
}

// The same statement again is fine; an older one is somebody's attempt to turn time back.
Status Sender::keep(const pb::Statement& statement, const pb::SignedStatement& as_signed) {
  // The server's keys change by their links only.
  if (statement.kind() == pb::SERVER_KEYS) return in_context(reject_peer("statement_not_authentic"), "kind");
  const UserId user = UserId::from(statement.user_id()).value_or(UserId{});
  LANTAARN_ASSIGN(const StatementMark last, sink_.mark(statement.kind(), user));
  if (mark_of(statement) < last || statement.epoch() > outcome_.epoch) return reject_peer("statement_old");
  if (mark_of(statement) == last) return {};
  if (statement.kind() == pb::STANDING) LANTAARN_TRY(record_standing(statement));
  if (statement.kind() == pb::SECURED) LANTAARN_TRY(record_secured(statement, as_signed));
  LANTAARN_TRY(sink_.accept(statement));
  ++outcome_.progress.statements;
  report();
  return {};
}

Status Sender::record_standing(const pb::Statement& statement) {
  pb::Standing standing;
  if (!standing.ParseFromString(statement.body())) return in_context(reject_peer("statement_not_authentic"), "standing");
  for (const pb::LogStanding& one : standing.logs()) {
    // Of a log that has forked, what is merged beyond the receipt is another branch's.
    const Log* log = find(one.log_id());
    if (log != nullptr) LANTAARN_TRY(source_.record_merged(log->at.origin.log, std::min(one.merged_seq(), log->at.received.seq)));
  }
  return {};
}

// Kept whole: when entries go, it is what proves that they could.
Status Sender::record_secured(const pb::Statement& statement, const pb::SignedStatement& as_signed) {
  pb::Secured secured;
  if (!secured.ParseFromString(statement.body())) return in_context(reject_peer("statement_not_authentic"), "secured");
  const std::string whole = as_signed.SerializeAsString();
  for (const pb::SecuredLog& one : secured.logs()) {
    // Of a log that has forked, another branch may be meant.
    const Log* log = find(one.log_id());
    const auto through = place_from(one.seq(), one.hash());
    if (log == nullptr || !through || through->seq <= log->at.pruned.seq || !holds(*log, *through)) continue;
    LANTAARN_TRY(source_.record_secured(log->at.origin.log, *through, as_bytes(whole)));
  }
  return {};
}

Sender::Log* Sender::find(const std::string& log_id) {
  const auto found = std::find_if(logs_.begin(), logs_.end(),
                                  [&](const Log& log) { return log_id == as_text(log.at.origin.log.view()); });
  return found == logs_.end() ? nullptr : &*found;
}

void Sender::enter(Phase phase) {
  phase_ = phase;
  SyncPhase& shown = outcome_.progress.phase;
  if (phase == Phase::kPushing) shown = SyncPhase::kPushing;
  if (phase == Phase::kFetching) shown = SyncPhase::kFetching;
  if (phase == Phase::kDone) shown = SyncPhase::kDone;
  report();
}

void Sender::report() {
  if (progress_) progress_(outcome_.progress);
}

}  // namespace lantaarn::sync
