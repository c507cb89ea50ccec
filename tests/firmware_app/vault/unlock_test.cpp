#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
  Result<UnlockedUser> try_pin(const char* pin, const char* name = "Noor") {
    LANTAARN_ASSIGN(auto vault, open_vault());
    LANTAARN_ASSIGN(const auto user, vault.find_user(name));
    return vault.unlock(user, pin_of(pin), clock.now());
  }
  std::string code_of(const char* pin, const char* name = "Noor") {
    auto tried = try_pin(pin, name);
    return tried.ok() ? "" : tried.error().code;
  }
};

}  // namespace

TEST_CASE("the right PIN gives the same keys each time, another user's gives nothing", "[vault]") {
  World world;
  const auto first = world.try_pin("12345678");
  const auto again = world.try_pin("12345678");
  REQUIRE(first.ok());
  REQUIRE(again.ok());
  CHECK(first->id == world.noor);
  CHECK(first->box.public_key() == again->box.public_key());
  CHECK(first->sign.verify_key() == again->sign.verify_key());
  CHECK(world.code_of("87654321") == "wrong_pin");
  CHECK(world.code_of("1234567") == "wrong_pin");
  CHECK(world.code_of("") == "wrong_pin");
  const auto maaike = world.try_pin("87654321", "Maaike");
  REQUIRE(maaike.ok());
  CHECK(maaike->box.public_key() != first->box.public_key());
}

TEST_CASE("a user must be named where there are several, and be known", "[vault]") {
  World world;
  CHECK(world.code_of("12345678", "") == "user_needed");
  CHECK(world.code_of("12345678", "Joke") == "user_unknown");
}

TEST_CASE("wrong PINs make everyone wait, the right one too, and success starts anew", "[vault]") {
  World world;
  for (int i = 0; i < 3; ++i) CHECK(world.code_of("00000000") == "wrong_pin");
  const int runs = world.kdf_runs;
  CHECK(world.code_of("12345678") == "wait_before_pin");
  CHECK(world.kdf_runs == runs);
  CHECK(world.code_of("87654321", "Maaike").empty());  // each user has a wait of her own
  world.clock.pass(29'999);
  CHECK(world.code_of("12345678") == "wait_before_pin");
  world.clock.pass(1);
  CHECK(world.code_of("00000000") == "wrong_pin");
  world.clock.pass(30'000);
  CHECK(world.code_of("12345678") == "wait_before_pin");
  world.clock.reboot();
  CHECK(world.code_of("12345678") == "wait_before_pin");
  world.clock.pass(60'000);
  CHECK(world.code_of("12345678").empty());
  CHECK(world.code_of("00000000") == "wrong_pin");
}

TEST_CASE("the wait is told in whole seconds", "[vault]") {
  World world;
  for (int i = 0; i < 3; ++i) CHECK(world.code_of("00000000") == "wrong_pin");
  world.clock.pass(500);
  CHECK(world.try_pin("12345678").error().args == std::vector<std::string>{"30"});
}

TEST_CASE("too little memory costs no attempt", "[vault]") {
  World world;
  for (int i = 0; i < 2; ++i) CHECK(world.code_of("00000000") == "wrong_pin");
  world.kdf_fails = true;
  for (int i = 0; i < 5; ++i) CHECK(world.code_of("12345678") == "memory_short");
  world.kdf_fails = false;
  CHECK(world.code_of("12345678").empty());
}

TEST_CASE("a new PIN opens the same keys, the old one nothing", "[vault]") {
  World world;
  const auto before = world.try_pin("12345678");
  {
    auto vault = world.open_vault();
    const auto noor = vault->unlock(*vault->find_user("Noor"), pin_of("12345678"), world.clock.now());
    CHECK(vault->change_pin(*noor, pin_of("2222222")).error().code == "pin_too_short");
    CHECK(vault->change_pin(*noor, pin_of("2222222x")).error().code == "pin_not_digits");
    REQUIRE(vault->change_pin(*noor, pin_of("22222222")).ok());
  }
  CHECK(world.code_of("12345678") == "wrong_pin");
  const auto after = world.try_pin("22222222");
  REQUIRE(after.ok());
  CHECK(after->sign.verify_key() == before->sign.verify_key());
}

TEST_CASE("there are always two slots of one size, and chance decides which one is real", "[vault]") {
  int real_first = 0;
  const auto key = crypto::random_secret<32>();
  const Bytes salt(16, 7);
  const UserSeeds seeds = make_seeds(crypto::random_id<UserId>());
  for (int i = 0; i < 64; ++i) {
    const Slots slots = make_slots(key, salt, seeds);
    CHECK(slots[0].size() == kSlotBytes);
    CHECK(slots[1].size() == kSlotBytes);
    const auto opened = open_slots(key, salt, slots);
    REQUIRE(opened.has_value());
    real_first += opened->index == 0;
  }
  CHECK(real_first > 10);
  CHECK(real_first < 54);
  CHECK_FALSE(open_slots(crypto::random_secret<32>(), salt, make_slots(key, salt, seeds)).has_value());
}

TEST_CASE("names of users and the server's address are nowhere in the vault's files", "[vault]") {
  World world;
  for (const char* canary : {"Noor", "Maaike", "server.example"}) CHECK_FALSE(world.vfs.disk().contains(as_bytes(canary)));
}

TEST_CASE("without its own device secret a vault says so and stays as it is", "[vault]") {
  World world;
  auto own = std::move(world.secret.secret);
  world.secret.secret.reset();
  CHECK(world.open_vault().error().code == "device_secret_missing");
  CHECK_FALSE(world.secret.secret.has_value());
  world.secret.secret = crypto::random_secret<32>();
  CHECK(world.open_vault().error().code == "device_secret_wrong");
  world.secret.secret = std::move(own);
  CHECK(world.code_of("12345678").empty());
}
