#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
  std::string code_of(const char* pin, const char* name = "Noor") {
    auto vault = open_vault();
    if (!vault.ok()) return vault.error().code;
    const auto user = vault->find_user(name);
    if (!user.ok()) return user.error().code;
    const auto tried = vault->unlock(*user, pin_of(pin), clock.now());
    return tried.ok() ? "" : tried.error().code;
  }
  /// Wrong PINs, patiently.
  std::string wrong(int times) {
    std::string last;
    for (int i = 0; i < times; ++i) {
      clock.pass(kWaitMaxMs);
      last = code_of("00000000");
    }
    clock.pass(kWaitMaxMs);
    return last;
  }
  Bytes slots_of(std::size_t index) {
    auto database = database::Database::open("vault.db", options());
    auto rows = database->prepare("SELECT slot_a || slot_b FROM user ORDER BY ref");
    for (std::size_t i = 0; i <= index; ++i) REQUIRE(*rows->step());
    return to_bytes(rows->column_blob(0));
  }
};

}  // namespace

TEST_CASE("nine wrong PINs cost only time, the tenth her slots, and nobody else's", "[vault][wrong]") {
  World world;
  CHECK(world.wrong(9) == "wrong_pin");
  CHECK(world.code_of("12345678").empty());
  CHECK(world.wrong(9) == "wrong_pin");
  CHECK(world.wrong(1) == "pin_destroyed");
  const int runs = world.kdf_runs;
  CHECK(world.code_of("12345678") == "pin_destroyed");
  CHECK(world.kdf_runs == runs);
  CHECK(world.code_of("87654321", "Maaike").empty());
  CHECK(*world.open_vault()->lease_ended(world.noor));
  CHECK_FALSE(*world.open_vault()->lease_ended(world.maaike));
}

TEST_CASE("what was in the slots is in no file afterwards", "[vault][wrong]") {
  World world;
  const Bytes before = world.slots_of(0), other = world.slots_of(1);
  CHECK(world.wrong(10) == "pin_destroyed");
  int gone = 0;
  for (const Bytes* slots : {&before, &other}) {
    for (std::size_t at = 0; at + 32 <= slots->size(); at += 44) gone += !world.vfs.disk().contains(ByteView(*slots).subspan(at, 32));
  }
  CHECK(gone == 8);  // hers, every piece; not the other's
}

TEST_CASE("the lease says how many, and a stricter one leaves at least one attempt", "[vault][wrong]") {
  World world;
  Lease lease = *world.reply().lease;
  CHECK(world.wrong(5) == "wrong_pin");
  lease.wrong_pins_max = 4;
  REQUIRE(world.open_vault()->set_lease(world.noor, lease).ok());
  CHECK(world.code_of("12345678").empty());
  CHECK(world.wrong(3) == "wrong_pin");
  CHECK(world.wrong(1) == "pin_destroyed");
}

TEST_CASE("at every crash point of the last wrong PIN: none is gained by taking the power away", "[vault][wrong][crash]") {
  World world;
  CHECK(world.wrong(9) == "wrong_pin");
  std::string said;
  const auto count = support::for_each_crash_point(world.vfs, [&] { said = world.code_of("00000000"); }, [&](const support::CrashPoint&) {
    if (said == "pin_destroyed") CHECK(world.code_of("12345678") == "pin_destroyed");
    // Whatever happened: one more wrong one and it is over.
    CHECK(world.code_of("00000000") == "pin_destroyed");
    CHECK(world.code_of("12345678") == "pin_destroyed");
    CHECK(world.code_of("87654321", "Maaike").empty());
  });
  WARN("the last wrong PIN: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("a further ticket enrols her anew, with other keys, beside everybody else", "[vault][wrong]") {
  World world;
  std::optional<crypto::VerifyKey> old;
  {
    auto vault = world.open_vault();
    old = vault->unlock(*vault->find_user("Noor"), pin_of("12345678"), world.clock.now())->sign.verify_key();
    CHECK(vault->begin_enrolment(world.ticket(3), "Noor", pin_of("24681357"), "", true).error().code == "name_taken");
  }
  CHECK(world.wrong(10) == "pin_destroyed");
  auto vault = world.open_vault();
  auto begun = vault->begin_enrolment(world.ticket(3), "Noor", pin_of("24681357"), "", true);
  REQUIRE(begun.ok());
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  CHECK(vault->users()->size() == 2);
  const auto noor = vault->unlock(*vault->find_user("Noor"), pin_of("24681357"), world.clock.now());
  REQUIRE(noor.ok());
  CHECK(noor->sign.verify_key() != *old);
  CHECK_FALSE(noor->access.lease_ended);
  CHECK(vault->unlock(*vault->find_user("Noor"), pin_of("12345678"), world.clock.now()).error().code == "wrong_pin");
}

TEST_CASE("a user who is removed leaves no key, name or lease, and the others stay", "[vault]") {
  World world;
  const Bytes slots[] = {world.slots_of(0), world.slots_of(1)};
  REQUIRE(world.open_vault()->raise_mark({3, world.noor, {1, 9}}).ok());
  {
    auto vault = world.open_vault();
    REQUIRE(vault->remove_user(world.noor).ok());
    REQUIRE(vault->remove_user(world.noor).ok());
    CHECK(vault->users()->size() == 1);
    CHECK_FALSE(vault->lease(world.noor)->has_value());
    CHECK(*vault->mark(3, world.noor) == Mark{1, 9});  // an old lease stays old
  }
  CHECK(world.code_of("12345678") == "user_unknown");
  CHECK(world.code_of("87654321", "Maaike").empty());
  int here = 0;
  for (const Bytes& of_one : slots) here += world.vfs.disk().contains(ByteView(of_one).first(64));
  CHECK(here <= 1);
  auto vault = world.open_vault();
  auto begun = vault->begin_enrolment(world.ticket(3), "Noor", pin_of("24681357"), "", true);
  REQUIRE(begun.ok());
  REQUIRE(vault->finish_enrolment(*begun, world.reply()).ok());
  CHECK(vault->users()->size() == 2);
}
