#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::CrashPoint;
using support::pin_of;
using World = support::TestHandheld;

TEST_CASE("at every crash point of an enrolment: nothing, or everything, and the same ticket goes on", "[vault][crash]") {
  World world;
  // The secret is made before the vault names it; which crash point that is does not matter here.
  REQUIRE(world.secret.read_or_make().ok());
  std::optional<crypto::DhPublicKey> told_server;
  bool finished = false;
  const auto scenario = [&] {
    told_server.reset();
    finished = false;
    auto vault = world.open_vault();
    if (!vault.ok()) return;
    auto begun = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
    if (!begun.ok()) return;
    told_server = crypto::dh_public(begun->channel.private_key);
    finished = vault->finish_enrolment(*begun, world.reply()).ok();
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    auto vault = world.open_vault();
    REQUIRE(vault.ok());
    if (finished) CHECK(vault->enrolled());
    if (!vault->enrolled()) {
      auto again = vault->begin_enrolment(world.ticket(), "Noor", pin_of("12345678"), "", false);
      REQUIRE(again.ok());
      if (told_server) CHECK(crypto::dh_public(again->channel.private_key) == *told_server);
      REQUIRE(vault->finish_enrolment(*again, world.reply()).ok());
    }
    CHECK(vault->server().ok());
    CHECK(vault->channel_keys().ok());
    const auto noor = vault->find_user("Noor");
    REQUIRE(noor.ok());
    CHECK(vault->unlock(*noor, pin_of("12345678"), world.clock.now()).ok());
  });
  WARN("enrolment: " << count.operations << " operations, " << count.crashes << " crashes");
  CHECK(count.operations > 10);
}

TEST_CASE("at every crash point of a wrong PIN: once judged it was counted, and it is never counted twice", "[vault][crash]") {
  World world;
  world.enrol_both();
  std::optional<std::string> said;
  const auto attempt = [&](const char* pin) -> std::string {
    auto vault = world.open_vault();
    if (!vault.ok()) return vault.error().code;
    const auto noor = vault->find_user("Noor");
    if (!noor.ok()) return noor.error().code;
    const auto tried = vault->unlock(*noor, pin_of(pin), world.clock.now());
    return tried.ok() ? "opened" : tried.error().code;
  };
  REQUIRE(attempt("00000000") == "wrong_pin");
  REQUIRE(attempt("00000000") == "wrong_pin");
  int judged = 0;
  support::for_each_crash_point(world.vfs, [&] { said = attempt("00000000"); }, [&](const CrashPoint&) {
    judged += *said == "wrong_pin";
    const std::string next = attempt("12345678");
    if (*said == "wrong_pin") {
      CHECK(next == "wait_before_pin");
    } else {
      CHECK((next == "opened" || next == "wait_before_pin"));
    }
    world.clock.pass(30'000);
    CHECK(attempt("12345678") == "opened");
  });
  CHECK(judged > 0);
}

TEST_CASE("at every crash point of a PIN's change one of the two PINs opens, and after it the new one", "[vault][crash]") {
  World world;
  world.enrol_both();
  bool changed = false;
  const auto scenario = [&] {
    changed = false;
    auto vault = world.open_vault();
    if (!vault.ok()) return;
    const auto noor = vault->find_user("Noor");
    if (!noor.ok()) return;
    const auto user = vault->unlock(*noor, pin_of("12345678"), world.clock.now());
    if (user.ok()) changed = vault->change_pin(*user, pin_of("22222222")).ok();
  };
  support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    auto vault = world.open_vault();
    REQUIRE(vault.ok());
    const auto noor = vault->find_user("Noor");
    const bool with_new = vault->unlock(*noor, pin_of("22222222"), world.clock.now()).ok();
    const bool with_old = vault->unlock(*noor, pin_of("12345678"), world.clock.now()).ok();
    CHECK(with_new != with_old);
    if (changed) CHECK(with_new);
  });
}
