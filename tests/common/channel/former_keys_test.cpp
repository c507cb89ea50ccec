// A server that changed its channel key still answers to those who know it by one of before, over real sockets.

#include "loopback.hpp"

namespace lantaarn::channel {
namespace {

struct ChangedServer : Loopback {
  std::vector<DhKeyPair> before;

  explicit ChangedServer(std::size_t keys_before) {
    for (std::size_t i = 0; i < keys_before; ++i) before.push_back(DhKeyPair::random());
    for (const DhKeyPair& key : before) former.push_back(&key);
  }
  /// What a handheld that knows the server by `key` meets, and what the server made of it.
  std::pair<std::string, std::string> call(const crypto::DhPublicKey& key) {
    std::string met;
    start_serving();
    run([](ChangedServer& it, crypto::DhPublicKey known, std::string& out) -> awaitable<void> {
      Dial to = it.dial();
      to.server_key = known;
      auto stream = co_await Stream::connect(to, it.timeouts);
      out = code_of(stream);
      if (stream.ok()) {
        Status sent = co_await stream->send(to_bytes(as_bytes("hello")));
        expect_ok(sent);
      }
    }(*this, key, met));
    const std::string made = verdict_of_server();
    server.reset();
    return {met, made};
  }
};

}  // namespace

TEST_CASE("a handheld that knows a former channel key gets in, beside one that knows the newest", "[channel][keys]") {
  ChangedServer world(kServerKeysMax - 1);
  CHECK(world.call(world.parties.server.public_key()) == std::pair<std::string, std::string>("ok", "ok"));
  for (const DhKeyPair& key : world.before) CHECK(world.call(key.public_key()) == std::pair<std::string, std::string>("ok", "ok"));
  const auto destroyed = DhKeyPair::random().public_key();
  CHECK(world.call(destroyed) == std::pair<std::string, std::string>("server_key_wrong", "handshake_failed"));
}

TEST_CASE("no more keys are tried than the limit, so that a stranger's message costs no more", "[channel][keys]") {
  ChangedServer world(kServerKeysMax);
  CHECK(world.call(world.before.at(kServerKeysMax - 2).public_key()).second == "ok");
  CHECK(world.call(world.before.at(kServerKeysMax - 1).public_key()).second == "handshake_failed");
}

TEST_CASE("each try at message 1 starts from nothing but the ephemeral key, and only the right one opens it", "[channel][keys]") {
  const Parties parties;
  const DhKeyPair newest = DhKeyPair::random();
  const Bytes prologue = to_bytes(as_bytes("prologue"));
  Initiator initiator(parties.device, parties.server.public_key(), prologue);
  const Bytes message1 = *initiator.write_message_1({});
  Responder first(newest, prologue);
  CHECK(first.read_message_1(message1, {}).error().code == "handshake_failed");
  CHECK_FALSE(first.write_message_2({}).ok());  // dead
  Responder second = std::move(first).as_holder_of(parties.server, prologue);
  REQUIRE(second.read_message_1(message1, {}).ok());
  REQUIRE(initiator.read_message_2(*second.write_message_2({}), {}).ok());
  const Bytes message3 = *initiator.write_message_3(parties.psk, {});
  REQUIRE(second.read_device_key(message3).ok());
  REQUIRE(second.admit(message3, parties.psk, {}).ok());
  CHECK(initiator.finish()->handshake_hash == second.finish()->handshake_hash);
}

}  // namespace lantaarn::channel
