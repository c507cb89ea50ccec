#include "common/sync/receiver.hpp"

#include "common/sync/message.hpp"

namespace lantaarn::sync {
namespace {

std::optional<LogOrigin> read_origin(const pb::LogHead& head) {
  const auto log = LogId::from(head.log_id());
  if (!log || log->is_zero()) return std::nullopt;
  LogOrigin origin{*log, {}, {}};
  if (head.after_log().empty()) return origin;
  const auto after_log = LogId::from(head.after_log());
  const auto after = place_from(head.after_seq(), head.after_hash());
  if (!after_log || !after) return std::nullopt;
  origin.after_log = *after_log;
  origin.after = *after;
  return origin;
}

void send(Actions& actions, const pb::Message& message) { actions.push_back(Send{to_message(message)}); }

}  // namespace

Actions Receiver::refuse(const std::string& code) {
  phase_ = Phase::kClosed;
  storing_.clear();
  return {Send{refusal_message(code)}, Close{code}};
}

Actions Receiver::on_failed(const std::string& code) { return closed() ? Actions{} : refuse(code); }

// What was given twice is done once; what cannot come now ends the session.
Actions Receiver::receive(ByteView bytes) {
  if (closed()) return {};
  if (phase_ == Phase::kHello && bytes.size() > kFirstMessageBytesMax) return refuse("protocol_error");
  auto message = parse_message(bytes);
  if (!message.ok()) return refuse("protocol_error");
  if (message->has_hello()) return phase_ == Phase::kHello ? on_hello(*message) : Actions{};
  if (phase_ == Phase::kHello || phase_ == Phase::kStanding) return refuse("protocol_error");
  if (message->has_push()) return on_push(*message->mutable_push());
  if (message->has_pruned()) return on_pruned(message->pruned());
  if (message->has_push_done()) return on_push_done();
  if (message->has_down_ack()) return on_down_ack(message->down_ack());
  if (message->has_bye()) return on_bye();
  return refuse("protocol_error");
}

Actions Receiver::on_hello(pb::Message& message) {
  pb::Hello& hello = *message.mutable_hello();
  if (hello.protocol() != kProtocolVersion) return refuse("peer_version");
  if (static_cast<std::size_t>(hello.logs_size()) > kHelloLogsMax || hello.app_version().size() > kVersionTextMax ||
      hello.clock().boot_id().size() > kIdBytes) {
    return refuse("protocol_error");
  }
  for (const pb::LogHead& head : hello.logs()) {
    const auto origin = read_origin(head);
    if (!origin || !place_from(head.head_seq(), head.head_hash())) return refuse("protocol_error");
    if (!logs_.emplace(origin->log, *origin).second) return refuse("protocol_error");
    log_order_.push_back(origin->log);
  }
  phase_ = Phase::kStanding;
  return {AskStanding{std::move(hello)}};
}

Actions Receiver::on_standing(const StandingAnswer& answer) {
  if (phase_ != Phase::kStanding) return {};
  phase_ = Phase::kPushing;
  pb::Message message;
  pb::State& state = *message.mutable_state();
  state.set_epoch(config_.epoch);
  state.set_server_time_ms(answer.server_time_ms);
  *state.mutable_receipt_key() = answer.receipt_key;
  if (config_.epoch_raised) *state.mutable_epoch_raised() = *config_.epoch_raised;
  if (answer.receipt_signer != nullptr) config_.receipt_key = answer.receipt_signer;
  for (const pb::SignedStatement& link : answer.server_keys) *state.add_server_keys() = link;
  for (const pb::LogStanding& log : answer.logs) *state.add_logs() = log;
  Actions actions;
  send(actions, message);
  // A handheld that died before it wrote a receipt down gets it again.
  for (const pb::LogStanding& log : answer.logs) {
    const auto id = LogId::from(log.log_id());
    const auto received = place_from(log.received_seq(), log.received_hash());
    if (id && received && received->seq != 0) send_receipt(actions, *id, *received);
  }
  return actions;
}

Actions Receiver::on_push(pb::Push& push) {
  if (phase_ != Phase::kPushing || storing_.size() >= kStoringMax) return refuse("protocol_error");
  if (push.batch().size() > kBatchBytesMax) return refuse("batch_too_large");
  const auto log = LogId::from(push.log_id());
  const auto known = log ? logs_.find(*log) : logs_.end();
  if (known == logs_.end()) return refuse("log_unknown");
  const std::uint64_t token = next_token_++;
  storing_.emplace(token, *log);
  return {Store{token, known->second, std::move(*push.mutable_batch())}};
}

Actions Receiver::on_pruned(const pb::Pruned& pruned) {
  if (phase_ != Phase::kPushing || storing_.size() >= kStoringMax) return refuse("protocol_error");
  const auto log = LogId::from(pruned.log_id());
  const auto known = log ? logs_.find(*log) : logs_.end();
  if (known == logs_.end()) return refuse("log_unknown");
  const auto at = place_from(pruned.seq(), pruned.hash());
  if (!at) return refuse("protocol_error");
  const auto anchor = verify_anchor(config_.authority_keys, config_.device, *log, *at, pruned.secured());
  if (!anchor.ok()) return refuse(anchor.error().code);
  const std::uint64_t token = next_token_++;
  storing_.emplace(token, *log);
  return {Store{token, known->second, {}, *anchor}};
}

Actions Receiver::on_stored(const std::vector<StoreResult>& results) {
  Actions actions;
  std::map<LogId, Place> received;
  for (const StoreResult& result : results) {
    const auto waiting = storing_.find(result.token);
    if (closed() || waiting == storing_.end()) continue;
    const LogId log = waiting->second;
    storing_.erase(waiting);
    if (result.stored == Stored::kFailed) return refuse(result.code);
    if (result.stored == Stored::kGap) {
      send_nak(actions, log, result.through);
      continue;
    }
    nak_sent_.erase(log);
    if (result.stored == Stored::kMain) {
      Place& place = received[log];
      if (result.through.seq > place.seq) place = result.through;
      continue;
    }
    pb::Message message;
    message.mutable_fork_noted()->set_log_id(to_string(log.view()));
    message.mutable_fork_noted()->set_through_seq(result.through.seq);
    message.mutable_fork_noted()->set_through_hash(to_string(result.through.hash));
    send(actions, message);
  }
  for (const auto& [log, place] : received) {
    if (place.seq != 0) send_receipt(actions, log, place);
  }
  return actions;
}

// The rest of a window comes after a gap in vain; one NAK answers it all.
void Receiver::send_nak(Actions& actions, const LogId& log, const Place& through) {
  const std::uint64_t from = through.seq + 1;
  const auto [sent, is_new] = nak_sent_.emplace(log, from);
  if (!is_new && sent->second == from) return;
  sent->second = from;
  pb::Message message;
  message.mutable_nak()->set_log_id(to_string(log.view()));
  message.mutable_nak()->set_from_seq(from);
  send(actions, message);
}

pb::SignedStatement make_receipt(ReceiverConfig& config, const LogId& log, const Place& through) {
  pb::Receipt receipt;
  receipt.set_log_id(to_string(log.view()));
  receipt.set_seq(through.seq);
  receipt.set_hash(to_string(through.hash));
  pb::Statement statement;
  statement.set_kind(pb::RECEIPT);
  statement.set_device_id(to_string(config.device.view()));
  statement.set_epoch(config.epoch);
  statement.set_counter(config.next_counter());
  statement.set_issued_at_ms(config.wall_ms());
  statement.set_body(receipt.SerializeAsString());
  return sign_statement(*config.receipt_key, kReceiptContext, statement);
}

void Receiver::send_receipt(Actions& actions, const LogId& log, const Place& through) {
  pb::Message message;
  *message.mutable_ack()->mutable_receipt() = make_receipt(config_, log, through);
  send(actions, message);
}

Actions Receiver::on_push_done() {
  if (phase_ != Phase::kPushing) return {};
  if (!storing_.empty()) return refuse("protocol_error");
  phase_ = Phase::kAskedDown;
  return {AskDown{}};
}

Actions Receiver::on_down(std::vector<pb::SignedStatement> statements) {
  if (phase_ != Phase::kAskedDown) return {};
  phase_ = Phase::kDown;
  down_ = std::move(statements);
  Actions actions;
  send_down(actions);
  return actions;
}

void Receiver::send_down(Actions& actions) {
  while (down_sent_ < down_.size() && down_sent_ - down_acknowledged_ < kDownWindow) {
    pb::Message message;
    message.mutable_down()->mutable_statement()->Swap(&down_[down_sent_++]);
    send(actions, message);
  }
  if (down_acknowledged_ < down_.size() || phase_ != Phase::kDown) return;
  phase_ = Phase::kBye;
  pb::Message done;
  done.mutable_down_done();
  send(actions, done);
}

Actions Receiver::on_down_ack(const pb::DownAck& ack) {
  if (phase_ != Phase::kDown || down_acknowledged_ >= down_sent_) return refuse("protocol_error");
  if (!ack.channel_key().empty() && ack.channel_key().size() != 32) return refuse("protocol_error");
  ++down_acknowledged_;
  Actions actions;
  if (ack.counter() != 0) actions.push_back(Acknowledged{{ack}});  // 0: passed over, not kept
  send_down(actions);
  return actions;
}

Actions Receiver::on_bye() {
  if (phase_ != Phase::kBye) return refuse("protocol_error");
  phase_ = Phase::kClosed;
  return {Close{}};
}

}  // namespace lantaarn::sync
