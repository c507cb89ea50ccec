#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;
using World = support::TestHandheld;

TEST_CASE("until the reply is in, nothing is enrolled, and the same ticket goes on with the same keys", "[vault]") {
  World world;
  std::optional<crypto::DhPublicKey> channel;
  std::optional<crypto::VerifyKey> verify;
  for (int attempt = 0; attempt < 3; ++attempt) {
    auto vault = world.open_vault();
    CHECK_FALSE(vault->enrolled());
    CHECK(vault->find_user("Noor").error().code == "not_enrolled");
    auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
    REQUIRE(begun.ok());
    const auto key = crypto::dh_public(begun->channel.private_key);
    CHECK(channel.value_or(key) == key);
    CHECK(verify.value_or(begun->user.sign.verify_key()) == begun->user.sign.verify_key());
    channel = key;
    verify = begun->user.sign.verify_key();
    if (attempt == 2) REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  }
  auto vault = world.open_vault();
  CHECK(vault->enrolled());
  CHECK(crypto::dh_public(vault->channel_keys()->private_key) == *channel);
  CHECK(vault->lease(world.noor)->has_value());
}

TEST_CASE("another ticket of the same device goes on with the same keys, another device's does not", "[vault]") {
  World world;
  auto vault = world.open_vault();
  const auto elsewhere = [&] {
    const auto was = std::exchange(world.device, crypto::random_id<DeviceId>());
    const auto begun = vault->begin_enrolment(world.ticket(1), "Noor", pin_of("12345678"), "", false);
    world.device = was;
    return crypto::dh_public(begun->channel.private_key);
  }();
  const auto first = vault->begin_enrolment(world.ticket(1), "Noor", pin_of("12345678"), "", false);
  CHECK(crypto::dh_public(first->channel.private_key) != elsewhere);
  // The server may have bound the device to the first one's key before the power went.
  const auto other = vault->begin_enrolment(world.ticket(2), "Noor", pin_of("12345678"), "", false);
  CHECK(crypto::equal(first->channel.private_key.view(), other->channel.private_key.view()));
  CHECK(first->user.sign.verify_key() == other->user.sign.verify_key());
  CHECK_FALSE(vault->finish_enrolment(*first, world.reply()).ok());
  CHECK(vault->finish_enrolment(*other, world.reply()).ok());
}

TEST_CASE("a ticket for someone else, another device or another server is refused", "[vault]") {
  World world;
  auto vault = world.open_vault();
  const auto code = [&](const sync::Ticket& ticket, const char* name, const char* pin, bool further) {
    return vault->begin_enrolment(ticket, name, pin_of(pin), "", further).error().code;
  };
  CHECK(code(world.ticket(), "Joke", "12345678", false) == "ticket_wrong");
  CHECK(code(world.ticket(), "Noor", "1234567", false) == "pin_too_short");
  CHECK(code(world.ticket(), "Noor", "1234567a", false) == "pin_not_digits");
  CHECK(code(world.ticket(), "Noor", "12345678", true) == "not_enrolled");
  auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "other.example:1", false);
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  CHECK(vault->server()->address == "other.example:1");

  CHECK(code(world.ticket(), "Maaike", "12345678", false) == "already_enrolled");
  CHECK(code(world.ticket(), "Noor", "12345678", true) == "name_taken");
  sync::Ticket elsewhere = world.ticket();
  elsewhere.device = crypto::random_id<DeviceId>();
  CHECK(code(elsewhere, "Maaike", "12345678", true) == "ticket_wrong");
  elsewhere = world.ticket();
  elsewhere.server = crypto::random_id<ServerId>();
  CHECK(code(elsewhere, "Maaike", "12345678", true) == "ticket_wrong");
}

TEST_CASE("a further user's ticket changes nothing about the server", "[vault]") {
  World world;
  auto vault = world.open_vault();
  auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  REQUIRE(vault->raise_epoch(7).ok());
  const auto code = [&](const sync::Ticket& ticket) {
    return vault->begin_enrolment(ticket, "Maaike", pin_of("87654321"), "", true).error().code;
  };
  sync::Ticket forged = world.ticket(2);
  SECTION("a channel key of the ticket writer's own") { forged.channel_key[0] ^= 1; }
  SECTION("an authority") { forged.authority_key[0] ^= 1; }
  SECTION("a sealing key, which would open everything saved from then on") { forged.sealing_key[0] ^= 1; }
  SECTION("a sealing key number") { ++forged.sealing_key_number; }
  SECTION("a later generation, which only a signed link makes known") { ++forged.keys_generation; }
  CHECK(code(forged) == "ticket_keys_differ");
  CHECK(vault->server()->channel_key == world.ticket().channel_key);
}

TEST_CASE("the recovery key is the first ticket's, a further ticket neither brings nor replaces it", "[vault]") {
  World world;
  auto vault = world.open_vault();
  sync::Ticket first = world.ticket(), further = world.ticket(2);
  const bool knows = GENERATE(true, false);
  if (knows) first.recovery_key.emplace().fill(5);
  further.recovery_key.emplace().fill(6);
  auto begun = vault->begin_enrolment(first, "Noor", pin_of("12345678"), "", false);
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  CHECK(vault->server()->recovery_key == first.recovery_key);
  auto second = vault->begin_enrolment(further, "Maaike", pin_of("87654321"), "", true);
  REQUIRE(second.ok());
  REQUIRE(vault->finish_enrolment(*second, world.reply()).ok());
  CHECK(vault->server()->recovery_key == first.recovery_key);
}

TEST_CASE("no ticket and no reply makes the epoch fall, and a ticket does not raise it", "[vault]") {
  World world;
  auto vault = world.open_vault();
  auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  REQUIRE(vault->raise_epoch(7).ok());
  sync::Ticket ticket = world.ticket(2);
  ticket.epoch = GENERATE(1, 900);
  auto further = vault->begin_enrolment(ticket, "Maaike", pin_of("87654321"), "", true);
  REQUIRE(further.ok());
  REQUIRE(vault->raise_epoch(8).ok());  // a sync in between
  REQUIRE(vault->finish_enrolment(*further, world.reply()).ok());
  CHECK(vault->server()->epoch == 8);
}

TEST_CASE("a further user leaves the device's channel key and address as they are", "[vault]") {
  World world;
  world.enrol_both();
  auto vault = world.open_vault();
  CHECK(vault->users()->size() == 2);
  CHECK(vault->find_user("Maaike")->id == world.maaike);
  CHECK(vault->server()->address == "server.example:4040");
}

TEST_CASE("marks and the epoch never go back", "[vault]") {
  World world;
  world.enrol_both();
  auto vault = world.open_vault();
  REQUIRE(vault->raise_mark({3, world.noor, {2, 5}}).ok());
  REQUIRE(vault->raise_mark({3, world.noor, {1, 9}}).ok());
  REQUIRE(vault->raise_mark({3, world.noor, {2, 4}}).ok());
  CHECK(*vault->mark(3, world.noor) == Mark{2, 5});
  CHECK(*vault->mark(3, world.maaike) == Mark{});
  CHECK(*vault->mark(4, world.noor) == Mark{});
  REQUIRE(vault->raise_epoch(7).ok());
  REQUIRE(vault->raise_epoch(6).ok());
  CHECK(vault->server()->epoch == 7);
}
