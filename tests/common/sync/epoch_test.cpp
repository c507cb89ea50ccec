// A server that was restored stands at a new epoch; who may say so.

#include "tests/common/sync/fixture.hpp"

namespace lantaarn::sync {
namespace {

/// A handheld at epoch 3 that meets a server which says 4.
struct Restored {
  Authority authority;
  crypto::SignKey recovery{crypto::random_secret<32>()};
  ServerId server = crypto::random_id<ServerId>();
  TextSource source;
  MarkSink sink;
  SenderConfig config = authority.sender();

  Restored() {
    authority.epoch = 4;
    config.epoch = 3;
    config.server = server;
    config.recovery_key = recovery.verify_key();
    source.save("een");
  }
  /// The authority names another recovery key in the next generation of the server's keys.
  void replace_recovery_key() {
    recovery = crypto::SignKey(crypto::random_secret<32>());
    ServerKeySet next{2, authority.authority.verify_key(), {}, {}, 1, recovery.verify_key()};
    pb::Statement statement;
    statement.set_kind(pb::SERVER_KEYS);
    statement.set_epoch(3);
    statement.set_counter(1);
    statement.set_body(key_set_body(server, next));
    links = {authority.state(statement)};
    config.keys_generation = 1;
  }
  std::vector<pb::SignedStatement> links;

  /// "" when the handheld goes on.
  std::string meet(const std::optional<pb::SignedStatement>& statement) {
    Sender sender(config, source, sink, {});
    REQUIRE(sender.next().value().has_value());
    pb::Message message;
    pb::State& state = *message.mutable_state();
    state.set_epoch(authority.epoch);
    *state.mutable_receipt_key() = authority.receipt_key();
    for (const auto& link : links) *state.add_server_keys() = link;
    state.add_logs()->set_log_id(to_string(source.kept.front().id.view()));
    if (statement) *state.mutable_epoch_raised() = *statement;
    const Status heard = sender.receive(to_message(message));
    if (!heard.ok()) CHECK(sender.outcome().epoch == 0);  // nothing to be kept for good
    return heard.ok() ? "" : heard.error().code;
  }
};

}  // namespace

TEST_CASE("a higher epoch is believed when the recovery key states it of this server", "[sync][epoch]") {
  Restored world;
  CHECK(world.meet(sign_epoch(world.recovery, world.server, 4, 1000)) == "");
}

TEST_CASE("a higher epoch that the recovery key does not state ends the session, and nothing is kept", "[sync][epoch]") {
  Restored world;
  std::optional<pb::SignedStatement> statement = sign_epoch(world.recovery, world.server, 4, 1000);
  SECTION("missing") { statement.reset(); }
  SECTION("forged: another key, the authority's included") { statement = sign_epoch(world.authority.authority, world.server, 4, 1000); }
  SECTION("of a lower epoch, replayed") { statement = sign_epoch(world.recovery, world.server, 3, 1000); }
  SECTION("of a higher one") { statement = sign_epoch(world.recovery, world.server, 5, 1000); }
  SECTION("of another server") { statement = sign_epoch(world.recovery, crypto::random_id<ServerId>(), 4, 1000); }
  SECTION("altered") { (*statement->mutable_statement())[4] ^= 1; }
  SECTION("signed, but for something else") {
    pb::Statement other;
    other.set_kind(pb::DIRECTIVE);
    other.set_epoch(4);
    statement = sign_statement(world.recovery, kEpochContext, other);
  }
  CHECK(world.meet(statement) == "epoch_not_proven");
  CHECK(world.sink.accepted.empty());
}

TEST_CASE("an epoch is the recovery key's to state: the authority's signature over one is not believed", "[sync][epoch]") {
  Authority authority;
  const pb::Statement epoch = authority.statement(pb::EPOCH, "");
  CHECK_FALSE(verify_statement(authority.authority.verify_key(), kAuthorityContext, authority.state(epoch), authority.device).ok());
  const pb::Statement wipe = authority.statement(pb::DIRECTIVE, "");
  CHECK_FALSE(verify_statement(authority.authority.verify_key(), kEpochContext, sign_statement(authority.authority, kEpochContext, wipe), authority.device).ok());
}

TEST_CASE("the same epoch needs no proof, a lower one is refused whatever proves it", "[sync][epoch]") {
  Restored world;
  world.config.epoch = 4;
  CHECK(world.meet(std::nullopt) == "");
  world.config.epoch = 5;
  CHECK(world.meet(sign_epoch(world.recovery, world.server, 4, 1000)) == "server_older");
}

TEST_CASE("a handheld that knows no recovery key believes its server's authority, as it always did", "[sync][epoch]") {
  Restored world;
  world.config.recovery_key.reset();
  CHECK(world.meet(std::nullopt) == "");
}

TEST_CASE("a handheld that lay in a drawer learns of a new recovery key before it judges the epoch proven with it", "[sync][epoch]") {
  Restored world;
  const auto by_the_old = sign_epoch(world.recovery, world.server, 4, 1000);
  const bool knew_one = GENERATE(true, false);
  if (!knew_one) world.config.recovery_key.reset();
  world.replace_recovery_key();
  CHECK(world.meet(by_the_old) == "epoch_not_proven");
  Restored other;
  if (!knew_one) other.config.recovery_key.reset();
  other.replace_recovery_key();
  CHECK(other.meet(sign_epoch(other.recovery, other.server, 4, 1000)) == "");
}

TEST_CASE("the receiver gives the statement that its epoch began with", "[sync][epoch]") {
  Restored world;
  ReceiverConfig config = world.authority.receiver();
  config.epoch_raised = sign_epoch(world.recovery, world.server, 4, 1000);
  Receiver receiver(config);
  Sender sender(world.config, world.source, world.sink, {});
  const Actions asked = receiver.receive(**sender.next());
  REQUIRE(std::holds_alternative<AskStanding>(asked.front()));
  StandingAnswer answer;
  answer.receipt_key = world.authority.receipt_key();
  answer.logs.emplace_back().set_log_id(to_string(world.source.kept.front().id.view()));
  const Actions told = receiver.on_standing(answer);
  CHECK(sender.receive(std::get<Send>(told.front()).message).ok());
  CHECK(sender.outcome().epoch == 4);
}

}  // namespace lantaarn::sync
