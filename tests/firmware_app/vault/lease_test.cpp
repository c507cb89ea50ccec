#include "firmware_app/vault/lease.hpp"

#include <catch2/catch.hpp>

#include "common/crypto/random.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;

namespace {

constexpr std::int64_t kDayMs = 86'400'000;

ClockReading look(std::uint8_t boot, std::int64_t monotonic_ms, ClockStatus status = ClockStatus::kUnknown, std::int64_t wall_ms = 0) {
  ClockReading reading{wall_ms, monotonic_ms, {}, status};
  reading.boot_id.fill(boot);
  return reading;
}

struct World : support::TestHandheld {
  World() { enrol_both(); }
  std::string ended() {
    auto vault = open_vault();
    REQUIRE(vault.ok());
    REQUIRE(vault->end_due_leases(clock.now()).ok());
    return std::string(*vault->lease_ended(noor) ? "Noor" : "") + (*vault->lease_ended(maaike) ? "Maaike" : "");
  }
  bool unlock_finds_it_ended(const char* name = "Noor") {
    auto vault = open_vault();
    const auto user = vault->unlock(*vault->find_user(name), pin_of(std::string_view(name) == "Noor" ? "12345678" : "87654321"), clock.now());
    REQUIRE(user.ok());
    CHECK(user->access.lease_ended == *vault->lease_ended(user->id));
    return user->access.lease_ended;
  }
};

}  // namespace

TEST_CASE("a lease ends at its wall time, by a clock that is known to be right and by no other", "[vault][lease]") {
  const Lease lease{1'000, 0, 0};
  CHECK_FALSE(has_ended(lease, {}, look(1, 0, ClockStatus::kOk, 999)));
  CHECK(has_ended(lease, {}, look(1, 0, ClockStatus::kOk, 1'000)));
  CHECK_FALSE(has_ended(lease, {}, look(1, 0, ClockStatus::kDoubtful, 1'000)));
  CHECK_FALSE(has_ended(lease, {}, look(1, 0, ClockStatus::kUnknown, 1'000)));
}

TEST_CASE("so many boots are granted, and one more ends it", "[vault][lease]") {
  const Lease lease{kDayMs, GENERATE(0u, 3u), 0};
  const std::uint32_t granted = lease.boots == 0 ? kLeaseBootsDefault : lease.boots;
  LeaseUse use = counted(LeaseUse{}, look(1, 5));
  CHECK(use.boots == 0);
  for (std::uint32_t boot = 1; boot <= granted; ++boot) use = counted(use, look(static_cast<std::uint8_t>(1 + boot), 0));
  CHECK(use.boots == granted);
  CHECK_FALSE(has_ended(lease, use, look(99, 0)));
  CHECK(has_ended(lease, counted(use, look(99, 0)), look(99, 0)));
}

TEST_CASE("running time is summed over boots, and the clock's first look counts none", "[vault][lease]") {
  const Lease lease{kDayMs, 0, 10'000};
  LeaseUse use = counted(LeaseUse{}, look(1, 1'000'000));
  CHECK(use.running_ms == 0);
  use = counted(use, look(1, 1'004'000));
  use = counted(use, look(2, 5'000));  // five seconds into another boot
  CHECK(use.running_ms == 9'000);
  use = counted(use, look(2, 4'000));  // a monotonic clock that goes back gives nothing back
  CHECK(use.running_ms == 9'000);
  CHECK_FALSE(has_ended(lease, use, look(2, 4'000)));
  CHECK_FALSE(has_ended(lease, counted(use, look(2, 4'999)), look(2, 4'999)));
  CHECK(has_ended(lease, counted(use, look(2, 5'000)), look(2, 5'000)));
}

TEST_CASE("with a clock that is not known to be right ten unlocks are permitted, the eleventh finds it over", "[vault][lease]") {
  const auto status = GENERATE(ClockStatus::kDoubtful, ClockStatus::kUnknown);
  LeaseUse use;
  for (int i = 0; i < 10; ++i) use = counted_unlock(use, look(1, 0, status));
  CHECK_FALSE(has_ended({kDayMs, 0, 0}, use, look(1, 0, status)));
  use = counted_unlock(use, look(1, 0, ClockStatus::kOk, 5));
  CHECK(use.doubtful_unlocks == 10);
  CHECK(has_ended({kDayMs, 0, 0}, counted_unlock(use, look(1, 0, status)), look(1, 0, status)));
}

TEST_CASE("whichever comes first ends it, durably, and a new lease begins anew", "[vault][lease]") {
  World world;
  CHECK(world.ended().empty());
  CHECK_FALSE(world.unlock_finds_it_ended());
  SECTION("its time") { world.clock.pass(7 * kDayMs); }
  SECTION("its boots") {
    for (std::uint32_t i = 0; i <= kLeaseBootsDefault; ++i) {
      world.clock.reboot();
      if (i < kLeaseBootsDefault) CHECK(world.ended().empty());
    }
  }
  SECTION("its running time, though the wall clock stands still") {
    for (int day = 0; day < 7; ++day) {
      CHECK(world.ended().empty());
      world.clock.reading.monotonic_ms += kDayMs;
    }
  }
  SECTION("a directive") { REQUIRE(world.open_vault()->lock().ok()); }
  CHECK(world.ended() == "NoorMaaike");
  CHECK(world.unlock_finds_it_ended());
  // No clock makes it run again.
  world.clock = {};
  CHECK(world.ended() == "NoorMaaike");
  REQUIRE(world.open_vault()->set_lease(world.noor, *world.reply().lease).ok());
  CHECK(world.ended() == "Maaike");
  CHECK_FALSE(world.unlock_finds_it_ended());
  CHECK(world.unlock_finds_it_ended("Maaike"));
}

TEST_CASE("unlocks with a wrong clock end one user's lease and not another's", "[vault][lease]") {
  World world;
  world.clock.reboot();
  for (int i = 0; i < 10; ++i) CHECK_FALSE(world.unlock_finds_it_ended("Noor"));
  CHECK(world.unlock_finds_it_ended("Noor"));
  CHECK(world.ended() == "Noor");
  CHECK_FALSE(world.unlock_finds_it_ended("Maaike"));
}

TEST_CASE("what ran is durable within a minute, and costs no write before", "[vault][lease]") {
  World world;
  CHECK(world.ended().empty());
  const auto writes = [&](std::int64_t passed_ms) {
    world.clock.pass(passed_ms);
    auto vault = world.open_vault();
    const auto before = world.vfs.disk().operations();
    REQUIRE(vault->end_due_leases(world.clock.now()).ok());
    return world.vfs.disk().operations() - before;
  };
  CHECK(writes(59'999) == 0);
  CHECK(writes(1) > 0);
  CHECK(writes(0) == 0);
}

TEST_CASE("a lease that ended keeps nothing that says how, and no record shows by its size what it says", "[vault][lease]") {
  World world;
  world.clock.pass(7 * kDayMs);
  CHECK(world.ended() == "NoorMaaike");
  const auto lease = *world.open_vault()->lease(world.noor);
  REQUIRE(lease.has_value());
  CHECK(lease->valid_until_ms == 0);
}

TEST_CASE("a handheld without any lease has none that runs", "[vault][lease]") {
  World world;
  auto vault = world.open_vault();
  CHECK(*vault->lease_ended(crypto::random_id<UserId>()));
}
