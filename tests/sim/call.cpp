#include "tests/sim/call.hpp"

#include "common/sync/message.hpp"

namespace lantaarn::sim {

Call::Call(Handheld& handheld, Server& server)
    : handheld_(handheld), server_(server), receiver_(server.receiver_config(handheld.id())), server_epoch_(server.epoch()) {
  sync::SenderConfig config;
  config.device = handheld.id();
  config.authority_key = server.secrets().authority.verify_key();
  config.epoch = handheld.marks().epoch();
  config.app_version = "sim";
  config.clock = handheld.clock().now();
  sender_.emplace(std::move(config), handheld.source(), handheld.marks(), sync::ProgressSink());
}

bool Call::step() {
  const std::uint64_t first = server_.chance().below(3);
  for (std::uint64_t i = 0; i < 3; ++i) {
    switch ((first + i) % 3) {
      case 0:
        if (handheld_sends()) return true;
        break;
      case 1:
        if (server_receives()) return true;
        break;
      default:
        if (handheld_receives()) return true;
    }
  }
  return false;
}

bool Call::handheld_sends() {
  if (!sender_) return false;
  auto message = sender_->next();
  if (!message.ok()) return hang_up_with(message.error());
  if (*message) up_.send(**message);
  if (!sender_->done()) return message->has_value();
  succeeded_ = true;
  hang_up();
  return true;
}

bool Call::server_receives() {
  if (!server_there_ || up_.empty()) return false;
  const auto message = up_.deliver();
  if (!message.ok()) {
    server_leaves();
  } else if (*message) {
    perform(receiver_.receive(**message));
  }
  return true;
}

bool Call::handheld_receives() {
  if (!sender_ || down_.empty()) return false;
  const auto message = down_.deliver();
  if (!message.ok()) return hang_up_with(message.error());
  if (!*message) return true;
  const Status received = sender_->receive(**message);
  if (!received.ok()) return hang_up_with(received.error());
  learn_from(**message);
  return true;
}

// The wire is tapped: a promise counts from the moment it reaches the handheld. One that was under way when its server died
// is void: the new epoch says so.
void Call::learn_from(const Bytes& bytes) {
  const auto message = sync::parse_message(bytes);
  if (!message.ok()) return;
  if (message->has_down()) return learn_what_is_secured(message->down());
  if (server_epoch_ != server_.epoch()) return;
  if (message->has_ack()) {
    sync::pb::Statement statement;
    sync::pb::Receipt receipt;
    const bool readable = statement.ParseFromString(message->ack().receipt().statement()) && receipt.ParseFromString(statement.body());
    require(readable, "a receipt that was accepted can be read");
    handheld_.acknowledged(*LogId::from(receipt.log_id()), receipt.seq(), *to_array<32>(as_bytes(receipt.hash())));
  } else if (message->has_fork_noted()) {
    const auto& noted = message->fork_noted();
    handheld_.acknowledged(*LogId::from(noted.log_id()), noted.through_seq(), *to_array<32>(as_bytes(noted.through_hash())));
  }
}

// True for good: a later copy holds what an earlier one did.
void Call::learn_what_is_secured(const sync::pb::Down& down) {
  sync::pb::Statement statement;
  sync::pb::Secured secured;
  require(statement.ParseFromString(down.statement().statement()), "a statement that was accepted can be read");
  if (statement.kind() != sync::pb::SECURED || !secured.ParseFromString(statement.body())) return;
  for (const auto& log : secured.logs()) handheld_.told_secured(*LogId::from(log.log_id()), log.seq(), *to_array<32>(as_bytes(log.hash())));
}

void Call::perform(sync::Actions actions) {
  for (sync::Action& action : actions) {
    if (auto* send = std::get_if<sync::Send>(&action)) {
      if (sender_) down_.send(send->message);
    } else if (auto* ask = std::get_if<sync::AskStanding>(&action)) {
      auto answer = server_.standing(handheld_.id(), ask->hello);
      perform(answer.ok() ? receiver_.on_standing(*answer) : receiver_.on_failed("server_cannot_store"));
    } else if (auto* store = std::get_if<sync::Store>(&action)) {
      server_.take({weak_from_this(), handheld_.id(), std::move(*store)});
    } else if (std::holds_alternative<sync::AskDown>(action)) {
      perform(receiver_.on_down(server_.down(handheld_.id())));
    } else if (std::holds_alternative<sync::Close>(action)) {
      server_there_ = false;
    }
  }
}

// What was learnt is written down; whether the disk takes it is another matter.
void Call::hang_up() {
  static_cast<void>(sender_->settle());
  sent_something_ = sender_->outcome().progress.batches_sent != 0;
  // As the program does: a session that did not end well teaches no epoch.
  if (succeeded_) handheld_.marks().saw_epoch(sender_->outcome().epoch);
  sender_.reset();
  down_.lose();
}

bool Call::meddle() {
  Chance& chance = server_.chance();
  return chance.one_in(2) ? up_.meddle(chance) || down_.meddle(chance) : down_.meddle(chance) || up_.meddle(chance);
}

bool Call::hang_up_with(const Error& error) {
  trouble_ = error.to_log_line();
  hang_up();
  return true;
}

void Call::cut() {
  if (sender_) hang_up();
}

}  // namespace lantaarn::sim
