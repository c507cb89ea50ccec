// The server's keys change: the vault has the old ones or the new ones, whole, and never goes back.
#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;
using World = support::TestHandheld;

namespace {

sync::ServerKeySet keys_of_generation(std::uint8_t generation) {
  sync::ServerKeySet keys;
  keys.generation = generation;
  keys.authority.fill(generation);
  keys.channel.fill(static_cast<std::uint8_t>(generation + 100));
  keys.sealing.fill(static_cast<std::uint8_t>(generation + 200));
  keys.sealing_number = generation;
  return keys;
}

sync::ServerKeySet keys_in(const ServerFacts& facts) {
  return {facts.keys_generation, facts.authority_key, facts.channel_key, facts.sealing_key, facts.sealing_key_number};
}

}  // namespace

TEST_CASE("newer keys of the server take the place of the old ones, older ones never do", "[vault][keys]") {
  World world;
  world.enrol_both();
  auto vault = world.open_vault();
  REQUIRE(vault->adopt_server_keys(keys_of_generation(4), {1, 40}).ok());
  CHECK(keys_in(*vault->server()) == keys_of_generation(4));
  REQUIRE(vault->adopt_server_keys(keys_of_generation(3), {1, 50}).ok());
  CHECK(keys_in(*vault->server()) == keys_of_generation(4));
  CHECK(vault->mark(sync::pb::SERVER_KEYS, UserId{}).value() == Mark{1, 40});
  CHECK(vault->server()->address == "server.example:4040");
}

TEST_CASE("at every crash point of an adoption the handheld has the old keys or the new ones, and their mark", "[vault][keys][crash]") {
  World world;
  world.enrol_both();
  const sync::ServerKeySet before = keys_in(*world.open_vault()->server());
  bool adopted = false;
  const auto scenario = [&] {
    adopted = false;
    auto vault = world.open_vault();
    if (vault.ok()) adopted = vault->adopt_server_keys(keys_of_generation(2), {1, 77}).ok();
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    auto vault = world.open_vault();
    REQUIRE(vault.ok());
    const auto keys = keys_in(*vault->server());
    const bool is_new = keys == keys_of_generation(2);
    CHECK((is_new || keys == before));
    CHECK(vault->mark(sync::pb::SERVER_KEYS, UserId{}).value() == (is_new ? Mark{1, 77} : Mark{}));
    if (adopted) CHECK(is_new);
  });
  WARN("adopting server keys: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 3);
}

TEST_CASE("an enrolment that learned newer keys than its ticket's keeps those, also when a sync learned newer ones still", "[vault][keys]") {
  World world;
  auto vault = world.open_vault();
  auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
  EnrolmentReply reply = world.reply();
  reply.newer_keys = keys_of_generation(3);
  REQUIRE(vault->finish_enrolment(*begun, reply).ok());
  CHECK(keys_in(*vault->server()) == keys_of_generation(3));

  sync::Ticket ticket = world.ticket(2);
  ticket.keys_generation = 3;
  ticket.authority_key = keys_of_generation(3).authority;
  ticket.channel_key = keys_of_generation(3).channel;
  ticket.sealing_key = keys_of_generation(3).sealing;
  ticket.sealing_key_number = 3;
  auto further = vault->begin_enrolment(ticket, "Maaike", pin_of("87654321"), "", true);
  REQUIRE(further.ok());
  REQUIRE(vault->adopt_server_keys(keys_of_generation(5), {1, 9}).ok());
  reply.newer_keys = keys_of_generation(4);
  REQUIRE(vault->finish_enrolment(*further, reply).ok());
  CHECK(keys_in(*vault->server()) == keys_of_generation(5));
}
