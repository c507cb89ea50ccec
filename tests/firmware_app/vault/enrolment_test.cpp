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

TEST_CASE("another ticket makes another channel key", "[vault]") {
  World world;
  auto vault = world.open_vault();
  const auto first = vault->begin_enrolment(world.ticket(1), "Noor", pin_of("12345678"), "", false);
  const auto other = vault->begin_enrolment(world.ticket(2), "Noor", pin_of("12345678"), "", false);
  CHECK_FALSE(crypto::equal(first->channel.private_key.view(), other->channel.private_key.view()));
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
