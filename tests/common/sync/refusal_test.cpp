// What the other side may not do. Every one of these ends the session with a code, and changes nothing.

#include "tests/common/sync/fixture.hpp"

namespace lantaarn::sync {
namespace {

/// A sender that has heard STATE and pushed, and an authority that can lie to it.
struct Pushed {
  Authority authority;
  TextSource source;
  MarkSink sink;
  Sender sender{authority.sender(), source, sink, {}};
  LogId log = source.kept.front().id;

  explicit Pushed(int entries = 6) {
    for (int i = 0; i < entries; ++i) source.save("entry " + std::to_string(i));
    REQUIRE(sender.next().value().has_value());
  }
  [[nodiscard]] pb::Message state(const Place& received = {}) {
    pb::Message message;
    message.mutable_state()->set_epoch(authority.epoch);
    *message.mutable_state()->mutable_receipt_key() = authority.receipt_key();
    pb::LogStanding& standing = *message.mutable_state()->add_logs();
    standing.set_log_id(to_string(log.view()));
    standing.set_received_seq(received.seq);
    if (received.seq != 0) standing.set_received_hash(to_string(received.hash));
    return message;
  }
  void push() {
    REQUIRE(sender.receive(to_message(state())).ok());
    while (sender.next().value()) {
    }
  }
  [[nodiscard]] std::string hear(const pb::Message& message) {
    const Status taken = sender.receive(to_message(message));
    return taken.ok() ? "" : taken.error().code;
  }
  [[nodiscard]] std::string hear_receipt(const pb::SignedStatement& receipt) {
    pb::Message message;
    *message.mutable_ack()->mutable_receipt() = receipt;
    return hear(message);
  }
  [[nodiscard]] Place place(std::uint64_t seq) const { return {seq, source.kept.front().hash_at(seq)}; }
  [[nodiscard]] bool nothing_received() {
    REQUIRE(sender.settle().ok());
    return source.received[log].seq == 0;
  }
};

/// A receiver that has answered HELLO for one log.
struct Greeted {
  Authority authority;
  TextSource source;
  Receiver receiver{authority.receiver()};
  LogId log = source.kept.front().id;

  [[nodiscard]] pb::Message hello() const {
    pb::Message message;
    message.mutable_hello()->set_protocol(kProtocolVersion);
    message.mutable_hello()->add_logs()->set_log_id(to_string(log.view()));
    return message;
  }
  void greet() {
    REQUIRE(std::holds_alternative<AskStanding>(receiver.receive(to_message(hello())).at(0)));
    StandingAnswer answer;
    answer.receipt_key = authority.receipt_key();
    answer.logs.emplace_back().set_log_id(to_string(log.view()));
    REQUIRE(receiver.on_standing(answer).size() == 1);
  }
  [[nodiscard]] std::string refusal(const Actions& actions) const {
    if (actions.size() != 2 || !std::holds_alternative<Close>(actions[1])) return "";
    CHECK(parsed(std::get<Send>(actions[0]).message).refusal().code() == std::get<Close>(actions[1]).code);
    return std::get<Close>(actions[1]).code;
  }
  [[nodiscard]] std::string refusal(const pb::Message& message) { return refusal(receiver.receive(to_message(message))); }
};

}  // namespace

TEST_CASE("a receipt is believed only for what this device holds, by the certified key", "[sync]") {
  Pushed world;
  world.push();
  SECTION("the true one") {
    CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "");
    CHECK_FALSE(world.nothing_received());
  }
  SECTION("forged: another key") {
    Authority other;
    other.device = world.authority.device;
    CHECK(world.hear_receipt(other.receipt(world.log, world.place(6))) == "statement_not_authentic");
    CHECK(world.nothing_received());
  }
  SECTION("the authority's key, under the receipt's context, is not the receipt key either") {
    std::swap(world.authority.authority, world.authority.receipts);
    CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "statement_not_authentic");
    CHECK(world.nothing_received());
  }
  SECTION("for another device") {
    world.authority.device = crypto::random_id<DeviceId>();
    CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "statement_not_authentic");
    CHECK(world.nothing_received());
  }
  SECTION("for another log") {
    CHECK(world.hear_receipt(world.authority.receipt(crypto::random_id<LogId>(), world.place(6))) == "receipt_wrong");
    CHECK(world.nothing_received());
  }
  SECTION("another hash at the end of a batch, and in the middle of one") {
    const std::uint64_t seq = GENERATE(6, 5);
    CHECK(world.hear_receipt(world.authority.receipt(world.log, {seq, Hash{}})) == "receipt_wrong");
    CHECK(world.nothing_received());
  }
  SECTION("beyond the head") {
    CHECK(world.hear_receipt(world.authority.receipt(world.log, {7, world.place(6).hash})) == "receipt_wrong");
    CHECK(world.nothing_received());
  }
  SECTION("a lower counter, or another epoch") {
    CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(3))) == "");
    if (GENERATE(true, false)) {
      world.authority.receipt_counter = 0;
      CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(3))) == "");  // the same again
      world.authority.receipt_counter = 1;
      CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "");
      world.authority.receipt_counter = 0;
    } else {
      world.authority.epoch = 2;
    }
    CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "statement_old");
  }
}

TEST_CASE("a receipt key counts only when the authority certified it for this device", "[sync]") {
  Pushed world;
  pb::Message message = world.state();
  SECTION("signed by somebody else") { *message.mutable_state()->mutable_receipt_key() = Authority().receipt_key(); }
  SECTION("another kind of statement") {
    *message.mutable_state()->mutable_receipt_key() = world.authority.state(world.authority.statement(pb::LEASE, ""));
  }
  SECTION("none") { message.mutable_state()->clear_receipt_key(); }
  CHECK(world.hear(message) == "statement_not_authentic");
}

TEST_CASE("STATE's epoch counts only when the authority signed it", "[sync]") {
  Pushed world;
  pb::Message message = world.state();
  SECTION("raised, which would shut the true server out for good") { message.mutable_state()->set_epoch(UINT32_MAX); }
  SECTION("lowered") {
    world.authority.epoch = 2;
    message = world.state();
    message.mutable_state()->set_epoch(1);
  }
  CHECK(world.hear(message) == "statement_not_authentic");
  CHECK(world.sender.outcome().epoch == 0);
  CHECK(world.sink.accepted.empty());
}

TEST_CASE("what was stated before may go when all of this session's statements are accepted, not sooner", "[sync]") {
  Pushed world;
  world.push();
  CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "");
  REQUIRE(world.sender.next().value().has_value());  // PUSH_DONE
  pb::Message message;
  *message.mutable_down()->mutable_statement() = world.authority.state(world.authority.statement(pb::CARDS, "cards"));
  CHECK(world.hear(message) == "");
  CHECK(world.sink.completed == 0);
  message.mutable_down_done();
  CHECK(world.hear(message) == "");
  CHECK(world.hear(message) == "");  // said twice
  CHECK(world.sink.completed == 1);
}

TEST_CASE("an old statement is refused and an older server as well", "[sync]") {
  Pushed world;
  const auto old_lease = world.authority.state(world.authority.statement(pb::LEASE, "old"));
  const auto new_lease = world.authority.state(world.authority.statement(pb::LEASE, "new"));
  world.push();
  CHECK(world.hear_receipt(world.authority.receipt(world.log, world.place(6))) == "");
  REQUIRE(world.sender.next().value().has_value());  // PUSH_DONE
  pb::Message message;
  *message.mutable_down()->mutable_statement() = new_lease;
  CHECK(world.hear(message) == "");
  *message.mutable_down()->mutable_statement() = old_lease;
  CHECK(world.hear(message) == "statement_old");
  CHECK(world.sink.accepted.back().body() == "new");

  Authority authority;
  TextSource source;
  SenderConfig config = authority.sender();
  config.epoch = 2;
  Sender sender(config, source, world.sink, {});
  REQUIRE(sender.next().value().has_value());
  pb::Message state;
  state.mutable_state()->set_epoch(1);
  CHECK(sender.receive(to_message(state)).error().code == "server_older");
}

TEST_CASE("the receipt key signs receipts and nothing else", "[sync]") {
  Authority authority;
  const pb::Statement wipe = authority.statement(pb::DIRECTIVE, "");
  CHECK_FALSE(verify_statement(authority.receipts.verify_key(), kReceiptContext,
                               sign_statement(authority.receipts, kReceiptContext, wipe), authority.device).ok());
  CHECK_FALSE(verify_statement(authority.receipts.verify_key(), kAuthorityContext,
                               sign_statement(authority.receipts, kReceiptContext, wipe), authority.device).ok());
  CHECK(verify_statement(authority.authority.verify_key(), kAuthorityContext, authority.state(wipe), authority.device).ok());
}

TEST_CASE("a server that keeps sending a log back is given up", "[sync]") {
  Pushed world;
  world.push();
  pb::Message nak;
  nak.mutable_nak()->set_log_id(to_string(world.log.view()));
  nak.mutable_nak()->set_from_seq(1);
  std::string code;
  for (int i = 0; i <= kRewindsMax && code.empty(); ++i) {
    code = world.hear(nak);
    while (code.empty() && world.sender.next().value()) {
    }
  }
  CHECK(code == "protocol_error");
}

TEST_CASE("a refusal is passed on under its own code, if it is one", "[sync]") {
  Pushed world;
  pb::Message message;
  message.mutable_refusal()->set_code("device_revoked");
  CHECK(world.hear(message) == "device_revoked");
  message.mutable_refusal()->set_code("<b>Hello</b>");
  CHECK(world.hear(message) == "peer_refused");
}

TEST_CASE("a handheld's messages come in order or not at all", "[sync]") {
  Greeted world;
  pb::Message push;
  push.mutable_push()->set_log_id(to_string(world.log.view()));
  push.mutable_push()->set_batch("batch");
  SECTION("push before hello") { CHECK(world.refusal(push) == "protocol_error"); }
  SECTION("garbage") { CHECK(world.refusal(world.receiver.receive(as_bytes("\xff\xff garbage"))) == "protocol_error"); }
  SECTION("a long first message") {
    pb::Message hello = world.hello();
    hello.mutable_hello()->set_app_version(std::string(kFirstMessageBytesMax, 'x'));
    CHECK(world.refusal(hello) == "protocol_error");
  }
  SECTION("another protocol") {
    pb::Message hello = world.hello();
    hello.mutable_hello()->set_protocol(kProtocolVersion + 1);
    CHECK(world.refusal(hello) == "peer_version");
  }
  SECTION("the most logs, and one more") {
    pb::Message hello = world.hello();
    while (static_cast<std::size_t>(hello.hello().logs_size()) < kHelloLogsMax) {
      hello.mutable_hello()->add_logs()->set_log_id(to_string(crypto::random_id<LogId>().view()));
    }
    const bool one_more = GENERATE(false, true);
    if (one_more) hello.mutable_hello()->add_logs()->set_log_id(to_string(crypto::random_id<LogId>().view()));
    CHECK(world.refusal(hello) == (one_more ? "protocol_error" : ""));
  }
  SECTION("the same log twice") {
    pb::Message hello = world.hello();
    *hello.mutable_hello()->add_logs() = hello.hello().logs(0);
    CHECK(world.refusal(hello) == "protocol_error");
  }
  SECTION("after hello") {
    world.greet();
    SECTION("an unknown log") {
      push.mutable_push()->set_log_id(to_string(crypto::random_id<LogId>().view()));
      CHECK(world.refusal(push) == "log_unknown");
    }
    SECTION("the largest batch, and one byte more") {
      const std::size_t more = GENERATE(0, 1);
      push.mutable_push()->set_batch(std::string(kBatchBytesMax + more, 'x'));
      CHECK(world.refusal(push) == (more == 0 ? "" : "batch_too_large"));
    }
    SECTION("more at once than a receiver bears") {
      for (std::size_t i = 0; i < kStoringMax; ++i) CHECK(world.refusal(push) == "");
      CHECK(world.refusal(push) == "protocol_error");
    }
    SECTION("done while something is unanswered") {
      CHECK(world.refusal(push) == "");
      pb::Message done;
      done.mutable_push_done();
      CHECK(world.refusal(done) == "protocol_error");
    }
    SECTION("bye too early, an acknowledgement of nothing") {
      pb::Message message;
      if (GENERATE(true, false)) message.mutable_bye();
      else message.mutable_down_ack();
      CHECK(world.refusal(message) == "protocol_error");
    }
    SECTION("a server's message") {
      pb::Message message;
      message.mutable_state();
      CHECK(world.refusal(message) == "protocol_error");
    }
    SECTION("what could not be stored is not acknowledged") {
      CHECK(world.refusal(push) == "");
      CHECK(world.refusal(world.receiver.on_stored({{1, Stored::kFailed, {}, "server_cannot_store"}})) == "server_cannot_store");
      CHECK(world.receiver.on_stored({{1, Stored::kMain, {1, {}}, {}}}).empty());
    }
  }
}

TEST_CASE("one receipt answers all that was committed together", "[sync]") {
  Greeted world;
  world.greet();
  pb::Message push;
  push.mutable_push()->set_log_id(to_string(world.log.view()));
  push.mutable_push()->set_batch("batch");
  for (int i = 0; i < 3; ++i) CHECK(world.receiver.receive(to_message(push)).size() == 1);
  const Actions actions =
      world.receiver.on_stored({{1, Stored::kMain, {1, {}}, {}}, {2, Stored::kMain, {2, {}}, {}}, {3, Stored::kMain, {3, {}}, {}}});
  REQUIRE(actions.size() == 1);
  pb::Statement statement;
  pb::Receipt receipt;
  REQUIRE(statement.ParseFromString(parsed(std::get<Send>(actions[0]).message).ack().receipt().statement()));
  REQUIRE(receipt.ParseFromString(statement.body()));
  CHECK(receipt.seq() == 3);
}

TEST_CASE("what a driver says at another time, or twice, changes nothing", "[sync]") {
  Greeted world;
  CHECK(world.receiver.on_down({}).empty());
  CHECK(world.receiver.on_stored({{7, Stored::kMain, {1, {}}, {}}}).empty());
  StandingAnswer answer;
  answer.receipt_key = world.authority.receipt_key();
  CHECK(world.receiver.on_standing(answer).empty());
  pb::Message hello = world.hello();
  REQUIRE(world.receiver.receive(to_message(hello)).size() == 1);
  pb::Message bye;
  bye.mutable_bye();
  SECTION("a message while the standing is looked up") { CHECK(world.refusal(bye) == "protocol_error"); }
  SECTION("another signer, and links") {
    const crypto::SignKey other{crypto::random_secret<32>()};
    answer.receipt_signer = &other;
    answer.server_keys.emplace_back();
    pb::LogStanding& odd = answer.logs.emplace_back();
    odd.set_log_id("no id");
    odd.set_received_seq(1);
    REQUIRE(world.receiver.on_standing(answer).size() == 1);
    CHECK(world.receiver.on_standing(answer).empty());
    pb::Message push;
    push.mutable_push()->set_log_id(to_string(world.log.view()));
    REQUIRE(world.receiver.receive(to_message(push)).size() == 1);
    const Actions actions = world.receiver.on_stored({{1, Stored::kMain, {1, {}}, {}}});
    const auto receipt = parsed(std::get<Send>(actions.at(0)).message).ack().receipt();
    CHECK(verify_statement(other.verify_key(), kReceiptContext, receipt, world.authority.device).ok());
  }
  SECTION("a gap twice is asked for once; what is older than a receipt is answered by it") {
    REQUIRE(world.receiver.on_standing(answer).size() == 1);
    pb::Message push;
    push.mutable_push()->set_log_id(to_string(world.log.view()));
    for (int i = 0; i < 6; ++i) REQUIRE(world.receiver.receive(to_message(push)).size() == 1);
    CHECK(world.receiver.on_stored({{1, Stored::kGap, {4, {}}, {}}}).size() == 1);
    CHECK(world.receiver.on_stored({{2, Stored::kGap, {4, {}}, {}}}).empty());
    CHECK(world.receiver.on_stored({{3, Stored::kGap, {5, {}}, {}}}).size() == 1);
    CHECK(world.receiver.on_stored({{4, Stored::kMain, {9, {}}, {}}, {5, Stored::kMain, {8, {}}, {}}}).size() == 1);
    CHECK(world.receiver.on_stored({{6, Stored::kMain, {0, {}}, {}}}).empty());
  }
  SECTION("what cannot be had") {
    CHECK(world.refusal(world.receiver.on_failed("server_cannot_store")) == "server_cannot_store");
    CHECK(world.receiver.on_failed("server_cannot_store").empty());
    CHECK(world.receiver.receive(to_message(bye)).empty());
  }
}

TEST_CASE("a log that names what it follows must name it whole", "[sync]") {
  Greeted world;
  pb::Message hello = world.hello();
  pb::LogHead& head = *hello.mutable_hello()->mutable_logs(0);
  head.set_after_log(to_string(crypto::random_id<LogId>().view()));
  head.set_after_seq(3);
  head.set_after_hash(std::string(32, 'h'));
  SECTION("whole") { CHECK(world.refusal(hello) == ""); }
  SECTION("no id") {
    head.set_after_log("x");
    CHECK(world.refusal(hello) == "protocol_error");
  }
  SECTION("no hash") {
    head.set_after_hash("x");
    CHECK(world.refusal(hello) == "protocol_error");
  }
}

TEST_CASE("a refusal without a word for it is a refusal all the same", "[sync]") {
  Pushed world;
  pb::Message message;
  message.mutable_refusal()->set_code(GENERATE(as<std::string>(), "", "Upper", "with space", std::string(kRefusalCodeMax + 1, 'x'), "a{b"));
  CHECK(world.hear(message) == "peer_refused");
}

}  // namespace lantaarn::sync
