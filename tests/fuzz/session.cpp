// A session's messages: alone, as a whole conversation with the server's side, and with the handheld's side.
#include "common/sync/message.hpp"
#include "common/sync/receiver.hpp"
#include "common/sync/sender.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace sync;

const DeviceId kDevice = fixed_id<DeviceId>(1);
const LogId kLog = fixed_id<LogId>(2);

void one_message(ByteView bytes) {
  const auto message = parse_message(bytes);
  if (!message.ok()) return;
  promise(parse_message(to_message(*message)).ok());
  if (message->has_refusal()) promise(!refusal_error(message->refusal()).code.empty());
}

// The server's side. Stores nothing; what it would store is answered as the input says.
void receive(Pieces pieces) {
  const crypto::SignKey receipts{fixed_key(3)};
  std::uint64_t counter = 0;
  Receiver receiver({kDevice, 1, &receipts, [&] { return ++counter; }, [] { return std::int64_t{1000}; }});
  std::vector<Actions> todo;
  while (!pieces.empty() && !receiver.closed()) {
    todo.push_back(receiver.receive(pieces.next()));
    while (!todo.empty()) {
      const Actions actions = std::move(todo.back());
      todo.pop_back();
      for (const Action& action : actions) {
        if (const auto* ask = std::get_if<AskStanding>(&action)) {
          StandingAnswer answer;
          for (const auto& log : ask->hello.logs()) answer.logs.emplace_back().set_log_id(log.log_id());
          todo.push_back(receiver.on_standing(answer));
        } else if (const auto* store = std::get_if<Store>(&action)) {
          promise(store->batch.size() <= kBatchBytesMax && receiver.storing() <= kStoringMax);
          const auto stored = static_cast<Stored>(pieces.byte() % 4);
          todo.push_back(receiver.on_stored({{store->token, stored, {pieces.byte(), {}}, "server_cannot_store"}}));
        } else if (std::get_if<AskDown>(&action) != nullptr) {
          todo.push_back(receiver.on_down(std::vector<pb::SignedStatement>(pieces.byte() % 8)));
        }
      }
    }
  }
}

class OneLog final : public SenderSource {
 public:
  Result<std::vector<SourceLog>> logs() override { return std::vector<SourceLog>{{{kLog, {}, {}}, {9, hash(9)}, {}, 0, {}}}; }
  Result<Hash> hash_at(const LogId&, std::uint64_t seq) override {
    if (seq > 9) return refused("entry_unknown");
    return hash(seq);
  }
  Result<OutgoingBatch> read_batch(const LogId&, std::uint64_t from) override {
    if (from > 9) return OutgoingBatch{};
    return OutgoingBatch{Bytes(40), 10 - from, {9, hash(9)}};
  }
  Status record_sent(const LogId&, std::uint64_t seq) override {
    promise(seq <= 9);
    return {};
  }
  Status record_received(const LogId&, const Place& through, ByteView) override {
    promise(through.seq <= 9 && through.hash == hash(through.seq));
    return {};
  }
  Status record_merged(const LogId&, std::uint64_t seq) override {
    promise(seq <= 9);
    return {};
  }
  Status record_secured(const LogId&, const Place& through, ByteView) override {
    promise(through.seq <= 9 && through.hash == hash(through.seq));
    return {};
  }
  Result<Bytes> secured_statement(const LogId&) override { return Bytes{}; }
  Status record_fork_noted(const LogId&, std::uint64_t) override { return {}; }
  Status log_diverged(const LogId&) override { return {}; }

 private:
  static Hash hash(std::uint64_t seq) {
    Hash made{};
    made.fill(static_cast<std::uint8_t>(seq));
    return made;
  }
};

class NoSink final : public StatementSink {
 public:
  Result<StatementMark> mark(pb::StatementKind, const UserId&) override { return StatementMark{1, 5}; }
  Status accept(const pb::Statement& statement) override {
    promise(mark_of(statement) > StatementMark{1, 5});
    return {};
  }
};

// The authority signs whatever the input says: the bytes behind a signature are believed only as far as they make sense.
void sign_all(pb::Message& message) {
  const crypto::SignKey authority{fixed_key(4)};
  const auto sign = [&](pb::SignedStatement& statement) {
    const bool receipt = statement.signature() == "r";
    const crypto::SignKey receipts{fixed_key(3)};
    statement.set_signature(to_string((receipt ? receipts : authority)
                                          .sign(receipt ? kReceiptContext : kAuthorityContext, as_bytes(statement.statement()))));
  };
  if (message.has_down()) sign(*message.mutable_down()->mutable_statement());
  if (message.has_ack()) sign(*message.mutable_ack()->mutable_receipt());
  if (message.has_state() && message.state().has_receipt_key()) sign(*message.mutable_state()->mutable_receipt_key());
}

void send(Pieces pieces) {
  OneLog source;
  NoSink sink;
  Sender sender({kDevice, crypto::SignKey{fixed_key(4)}.verify_key(), 1, "fuzz", {}}, source, sink, {});
  for (int rounds = 0; rounds < 64; ++rounds) {
    for (int messages = 0; messages < 64; ++messages) {
      const auto next = sender.next();
      if (!next.ok() || !*next) break;
      promise((*next)->size() <= kBatchBytesMax + 4096);
    }
    if (sender.done() || pieces.empty()) break;
    const ByteView piece = pieces.next();
    auto message = parse_message(piece);
    Bytes bytes = to_bytes(piece);
    if (message.ok()) {
      sign_all(*message);
      bytes = to_message(*message);
    }
    if (!sender.receive(bytes).ok()) break;
  }
  promise(sender.settle().ok());
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(session) {
  Pieces pieces(input);
  switch (pieces.byte() % 3) {
    case 0: return one_message(pieces.rest());
    case 1: return receive(pieces);
    default: return send(pieces);
  }
}
