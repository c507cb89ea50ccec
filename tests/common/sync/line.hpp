#pragma once
// Both ends of one session and everything under way between them.

#include <deque>

#include "tests/common/sync/fixture.hpp"

namespace lantaarn::sync {

/// One session's two ends and everything under way between them.
class Line {
 public:
  Line(Authority& authority, SenderSource& source, TextInbox& inbox, StatementSink& sink)
      : authority_(authority), inbox_(inbox), sender_(authority.sender(), source, sink, {}), receiver_(authority.receiver()) {}

  std::deque<Bytes> up, down;
  std::deque<Store> storing;
  std::vector<pb::SignedStatement> to_tell;
  std::size_t acknowledged = 0;
  std::vector<pb::DownAck> acks;
  std::optional<std::string> closed;
  std::optional<std::string> sender_error;

  void pull() {
    while (!sender_error) {
      auto message = sender_.next();
      if (!message.ok()) sender_error = message.error().code;
      if (!message.ok() || !*message) return;
      up.push_back(std::move(**message));
      in_flight_max = std::max(in_flight_max, receiver_.storing());
    }
  }
  void deliver_up(const Bytes& message) { perform(receiver_.receive(message)); }
  void deliver_down(const Bytes& message) {
    const Status taken = sender_.receive(message);
    if (!taken.ok()) sender_error = taken.error().code;
  }
  void store_one() {
    const Store& asked = storing.front();
    const StoreResult result = takes_any_batch && !asked.anchor ? StoreResult{asked.token, Stored::kMain, {1, {}}, {}} : inbox_.store(asked);
    storing.pop_front();
    perform(receiver_.on_stored({result}));
  }
  void perform(Actions actions) {
    for (Action& action : actions) {
      if (auto* send = std::get_if<Send>(&action)) down.push_back(std::move(send->message));
      if (auto* store = std::get_if<Store>(&action)) storing.push_back(std::move(*store));
      if (std::holds_alternative<AskDown>(action)) perform(receiver_.on_down(to_tell));
      if (auto* close = std::get_if<Close>(&action)) closed = close->code;
      if (auto* told = std::get_if<Acknowledged>(&action)) {
        acknowledged += told->acks.size();
        acks.insert(acks.end(), told->acks.begin(), told->acks.end());
      }
      if (auto* ask = std::get_if<AskStanding>(&action)) {
        StandingAnswer answer;
        answer.receipt_key = authority_.receipt_key();
        answer.server_time_ms = 5000;
        for (const pb::LogHead& log : ask->hello.logs()) {
          const auto id = LogId::from(log.log_id());
          if (!id) continue;
          const Place place = inbox_.received(*id);
          pb::LogStanding& standing = answer.logs.emplace_back();
          standing.set_log_id(log.log_id());
          standing.set_received_seq(place.seq);
          if (place.seq != 0) standing.set_received_hash(to_string(place.hash));
        }
        perform(receiver_.on_standing(answer));
      }
    }
  }
  /// Until one of the two hangs up, or waits in vain.
  void run_as_far_as_it_goes() {
    for (pull(); !sender_error && !closed && !sender_.done(); pull()) {
      if (!up.empty()) deliver_up(take(up));
      else if (!storing.empty()) store_one();
      else if (!down.empty()) deliver_down(take(down));
      else return;
    }
  }
  void run() {
    for (pull(); !sender_.done() || !up.empty(); pull()) {
      REQUIRE_FALSE(sender_error);
      REQUIRE((!up.empty() || !down.empty() || !storing.empty()));
      if (!up.empty()) { deliver_up(take(up)); continue; }
      if (!storing.empty()) { store_one(); continue; }
      deliver_down(take(down));
      REQUIRE_FALSE(sender_error);
    }
  }
  static Bytes take(std::deque<Bytes>& queue) {
    Bytes message = std::move(queue.front());
    queue.pop_front();
    return message;
  }
  Sender& sender() { return sender_; }
  std::size_t in_flight_max = 0;
  bool takes_any_batch = false;  ///< what is in it is nobody's concern

 private:
  Authority& authority_;
  TextInbox& inbox_;
  Sender sender_;
  Receiver receiver_;
};

struct World {
  Authority authority;
  TextSource source;
  TextInbox inbox;
  MarkSink sink;
  [[nodiscard]] Line line() { return Line(authority, source, inbox, sink); }
  void save(int count) {
    for (int i = 0; i < count; ++i) source.save("entry " + std::to_string(++saved_));
  }
  int saved_ = 0;
};

}  // namespace lantaarn::sync
