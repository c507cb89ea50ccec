// Following the server's keys: whoever knows one generation walks to the newest, and nobody is led anywhere else.

#include "common/sync/server_keys.hpp"

#include "common/sync/enrol.hpp"
#include "tests/common/sync/fixture.hpp"

namespace lantaarn::sync {
namespace {

template <typename Array>
Array filled(std::uint8_t byte) {
  Array array;
  array.fill(byte);
  return array;
}

/// A server that changes its keys, and everything it ever said about that.
struct ChangingServer {
  ServerId id = crypto::random_id<ServerId>();
  std::vector<crypto::SignKey> authorities;
  std::vector<ServerKeySet> sets;   // by generation, from 1
  KeyLinks links;                   // to generation 2, 3, …
  std::uint32_t epoch = 1;
  std::uint64_t counter = 10;

  ChangingServer() {
    authorities.emplace_back(crypto::random_secret<32>());
    sets.push_back({1, authorities.back().verify_key(), filled<crypto::DhPublicKey>(1), filled<crypto::BoxPublicKey>(1), 1});
  }
  ServerKeySet next() const {
    ServerKeySet set = sets.back();
    ++set.generation;
    return set;
  }
  pb::SignedStatement link_to(const ServerKeySet& set, const crypto::SignKey& signer) {
    pb::Statement statement;
    statement.set_kind(pb::SERVER_KEYS);
    statement.set_epoch(epoch);
    statement.set_counter(++counter);
    statement.set_body(key_set_body(id, set));
    return sign_statement(signer, kAuthorityContext, statement);
  }
  void change_to(const ServerKeySet& set) {
    *links.Add() = link_to(set, authorities.back());
    sets.push_back(set);
  }
  void change_authority() {
    crypto::SignKey fresh(crypto::random_secret<32>());
    ServerKeySet set = next();
    set.authority = fresh.verify_key();
    change_to(set);
    authorities.push_back(std::move(fresh));
  }
  void change_sealing() {
    ServerKeySet set = next();
    ++set.sealing_number;
    set.sealing = filled<crypto::BoxPublicKey>(static_cast<std::uint8_t>(set.sealing_number));
    change_to(set);
  }
  void change_channel() {
    ServerKeySet set = next();
    ++set.channel[0];
    change_to(set);
  }
  [[nodiscard]] KnownServerKeys known(std::uint32_t generation) const {
    const ServerKeySet& set = sets.at(generation - 1);
    return {id, set.generation, set.authority, set.sealing_number, {}};
  }
  [[nodiscard]] std::string followed(const KnownServerKeys& from, const KeyLinks& given) const {
    const auto newest = follow_key_links(from, given, epoch);
    if (!newest.ok()) return newest.error().code;
    if (!*newest) return "nothing new";
    return "generation " + std::to_string((*newest)->keys.generation);
  }
};

ChangingServer after_half_a_year() {
  ChangingServer server;
  server.change_sealing();    // 2
  server.change_authority();  // 3
  server.change_channel();    // 4
  server.change_authority();  // 5
  server.change_sealing();    // 6
  return server;
}

}  // namespace

TEST_CASE("a handheld that lay in a drawer walks from any generation it knows to the newest keys", "[sync][keys]") {
  const ChangingServer server = after_half_a_year();
  for (std::uint32_t generation = 1; generation <= 5; ++generation) {
    const auto newest = follow_key_links(server.known(generation), server.links, 1);
    REQUIRE(newest.ok());
    REQUIRE(newest->has_value());
    CHECK((*newest)->keys == server.sets.back());
    CHECK((*newest)->statement.counter() == server.counter);
  }
  CHECK(server.followed(server.known(6), server.links) == "nothing new");
  CHECK(server.followed(server.known(6), {}) == "nothing new");
}

TEST_CASE("a gap, a wrong order or a link said twice leads nowhere", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  const auto picked = [&](const std::vector<int>& numbers) {
    KeyLinks some;
    for (const int number : numbers) *some.Add() = server.links[number - 2];
    return server.followed(server.known(1), some);
  };
  CHECK(picked({2, 3}) == "generation 3");
  CHECK(picked({3, 4, 5, 6}) == "statement_not_authentic");
  CHECK(picked({2, 4}) == "statement_not_authentic");
  CHECK(picked({2, 4, 3}) == "statement_not_authentic");
  CHECK(picked({2, 2}) == "statement_not_authentic");
  CHECK(picked({2, 3, 2}) == "statement_not_authentic");
}

TEST_CASE("a forged link is refused, whoever it comes from", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  KeyLinks links;
  const auto led = [&](const ServerKeySet& set, const crypto::SignKey& signer) {
    *links.Add() = server.link_to(set, signer);
    return server.followed(server.known(6), links);
  };
  ServerKeySet next = server.next();
  next.channel[5] ^= 1;
  SECTION("by an authority of before, which may have leaked") {
    CHECK(led(next, server.authorities.front()) == "statement_not_authentic");
  }
  SECTION("by nobody we know") { CHECK(led(next, crypto::SignKey(crypto::random_secret<32>())) == "statement_not_authentic"); }
  SECTION("of another server of the same authority") {
    const ServerId own = server.id;
    server.id = crypto::random_id<ServerId>();
    *links.Add() = server.link_to(next, server.authorities.back());
    server.id = own;
    CHECK(server.followed(server.known(6), links) == "statement_not_authentic");
  }
  SECTION("a sealing key with a number of before") {
    next.sealing_number = 1;
    CHECK(led(next, server.authorities.back()) == "statement_not_authentic");
  }
  SECTION("a generation ahead of the next") {
    ++next.generation;
    CHECK(led(next, server.authorities.back()) == "statement_not_authentic");
  }
  SECTION("a statement for one handheld is no link") {
    pb::Statement statement;
    statement.set_kind(pb::SERVER_KEYS);
    statement.set_device_id(std::string(16, 'd'));
    statement.set_epoch(1);
    statement.set_counter(99);
    statement.set_body(key_set_body(server.id, next));
    *links.Add() = sign_statement(server.authorities.back(), kAuthorityContext, statement);
    CHECK(server.followed(server.known(6), links) == "statement_not_authentic");
  }
  SECTION("a byte of it altered") {
    *links.Add() = server.link_to(next, server.authorities.back());
    std::string& raw = *links.Mutable(0)->mutable_statement();
    for (std::size_t at = 0; at < raw.size(); ++at) {
      raw[at] ^= 1;
      const std::string code = server.followed(server.known(6), links);
      CHECK((code == "statement_not_authentic" || code == "nothing new"));
      raw[at] ^= 1;
    }
  }
}

TEST_CASE("a link's mark grows beyond the last one adopted, and its epoch is not ahead of the server's", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  KnownServerKeys known = server.known(5);
  known.mark = {1, server.counter};
  CHECK(server.followed(known, server.links) == "statement_old");
  known.mark = {1, server.counter - 1};
  CHECK(server.followed(known, server.links) == "generation 6");
  server.epoch = 2;
  server.change_sealing();
  CHECK(follow_key_links(server.known(6), server.links, 1).error().code == "statement_not_authentic");
  CHECK(follow_key_links(server.known(6), server.links, 2).ok());
}

TEST_CASE("as many links as the limit are followed, one more is refused", "[sync][keys]") {
  ChangingServer server;
  for (int i = 0; i < kKeyLinksMax; ++i) server.change_channel();
  CHECK(server.followed(server.known(1), server.links) == "generation " + std::to_string(kKeyLinksMax + 1));
  server.change_channel();
  CHECK(server.followed(server.known(1), server.links) == "protocol_error");
}

TEST_CASE("a session adopts the newest keys before anything is verified with them, and says what it knows", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  Authority authority;
  authority.authority = std::move(server.authorities.back());
  TextSource source;
  MarkSink sink;
  SenderConfig config = authority.sender();
  config.authority_key = server.sets.front().authority;
  config.server = server.id;
  config.keys_generation = 1;
  Sender sender(config, source, sink, {});
  CHECK(parsed(*sender.next().value()).hello().keys_generation() == 1);
  pb::Message message;
  pb::State& state = *message.mutable_state();
  state.set_epoch(1);
  *state.mutable_receipt_key() = authority.receipt_key();
  state.add_logs()->set_log_id(to_string(source.kept.front().id.view()));
  *state.mutable_server_keys() = server.links;
  REQUIRE(sender.receive(to_message(message)).ok());
  REQUIRE(sink.accepted.size() == 2);
  CHECK(sink.accepted.front().kind() == pb::SERVER_KEYS);
  CHECK(read_key_set(server.id, sink.accepted.front()) == server.sets.back());

  // Sent down like any other statement they are none.
  REQUIRE(sender.next().ok());
  pb::Statement down = authority.statement(pb::SERVER_KEYS, key_set_body(server.id, server.next()));
  message.mutable_down()->mutable_statement()->CopyFrom(authority.state(down));
  CHECK(sender.receive(to_message(message)).error().code == "statement_not_authentic");
}

TEST_CASE("without the links a handheld does not believe a server whose authority has changed", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  Authority authority;
  authority.authority = std::move(server.authorities.back());
  TextSource source;
  MarkSink sink;
  SenderConfig config = authority.sender();
  config.authority_key = server.sets.front().authority;
  config.server = server.id;
  config.keys_generation = 1;
  Sender sender(config, source, sink, {});
  (void)sender.next();
  pb::Message message;
  message.mutable_state()->set_epoch(1);
  *message.mutable_state()->mutable_receipt_key() = authority.receipt_key();
  message.mutable_state()->add_logs()->set_log_id(to_string(source.kept.front().id.view()));
  CHECK(sender.receive(to_message(message)).error().code == "statement_not_authentic");
  CHECK(sink.accepted.empty());
}

TEST_CASE("an enrolment with a ticket of before a change learns the keys of after it", "[sync][keys]") {
  ChangingServer server = after_half_a_year();
  Authority authority;
  authority.authority = std::move(server.authorities.back());
  pb::EnrolReply reply;
  reply.set_device_psk(std::string(32, 'p'));
  reply.set_epoch(1);
  *reply.mutable_users() = authority.state(authority.statement(pb::USERS, ""));
  *reply.mutable_receipt_key() = authority.receipt_key();
  *reply.mutable_lease() = authority.state(authority.statement(pb::LEASE, ""));
  CHECK_FALSE(check_enrol_reply(enrol_reply_message(reply), server.known(2), authority.device).ok());
  *reply.mutable_server_keys() = server.links;
  const auto enrolled = check_enrol_reply(enrol_reply_message(reply), server.known(2), authority.device);
  REQUIRE(enrolled.ok());
  REQUIRE(enrolled->newer_keys.has_value());
  CHECK(enrolled->newer_keys->keys == server.sets.back());
}

}  // namespace lantaarn::sync
