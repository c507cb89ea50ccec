#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/firmware_app/test_handheld.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::pin_of;

namespace {

constexpr const char* kOwn = "12345678";
constexpr const char* kSecond = "55555555";

struct World : support::TestHandheld {
  World() {
    enrol_both();
    permit(true);
  }
  void permit(bool duress) {
    Lease lease = *reply().lease;
    lease.duress_pin = duress;
    auto vault = open_vault();
    REQUIRE(vault->set_lease(noor, lease).ok());
  }
  Result<UnlockedUser> unlock(std::string_view pin, const char* name = "Noor") {
    LANTAARN_ASSIGN(auto vault, open_vault());
    LANTAARN_ASSIGN(const auto user, vault.find_user(name));
    return vault.unlock(user, pin_of(pin), clock.now());
  }
  Status set_second(std::string_view second, std::string_view own = kOwn) {
    LANTAARN_ASSIGN(auto vault, open_vault());
    LANTAARN_ASSIGN(const auto known, vault.find_user("Noor"));
    LANTAARN_ASSIGN(const auto user, vault.unlock(known, pin_of(own), clock.now()));
    return vault.set_duress_pin(user, pin_of(second));
  }
};

std::string code(const Status& status) { return status.ok() ? "" : status.error().code; }

}  // namespace

TEST_CASE("the second PIN opens a lease that ended, signs as she does, and opens nothing that was sealed to her", "[vault][duress]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  const auto before = world.unlock(kOwn);
  REQUIRE(before.ok());
  CHECK_FALSE(before->access.lease_ended);
  const auto made_to = world.unlock(kSecond);
  REQUIRE(made_to.ok());
  CHECK(made_to->access.duress);
  CHECK(made_to->access.lease_ended);
  CHECK(made_to->sign.verify_key() == before->sign.verify_key());
  CHECK_FALSE(made_to->box.open(crypto::seal_to(before->box.public_key(), as_bytes("card"))).has_value());
  // From then on both PINs open that state, until a new lease comes.
  const auto after = world.unlock(kOwn);
  REQUIRE(after.ok());
  CHECK(after->access.lease_ended);
  CHECK_FALSE(after->access.duress);
  CHECK_FALSE(world.unlock("87654321", "Maaike")->access.lease_ended);
  world.permit(true);
  CHECK_FALSE(world.unlock(kOwn)->access.lease_ended);
  CHECK(world.unlock(kSecond)->access.duress);
}

TEST_CASE("a second PIN needs the lease's permission, her own PIN and another number", "[vault][duress]") {
  World world;
  CHECK(code(world.set_second(kSecond, "00000000")) == "wrong_pin");
  CHECK(code(world.set_second(kOwn)) == "pin_taken");
  CHECK(code(world.set_second("5555555")) == "pin_too_short");
  world.permit(false);
  CHECK(code(world.set_second(kSecond)) == "duress_not_permitted");
  CHECK(world.unlock(kSecond).error().code == "wrong_pin");
}

TEST_CASE("with the second PIN nobody sets or removes one, and no change of PIN meets the other", "[vault][duress]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  auto vault = world.open_vault();
  {
    const auto own = vault->unlock(*vault->find_user("Noor"), pin_of(kOwn), world.clock.now());
    CHECK(code(vault->change_pin(*own, pin_of(kSecond))) == "pin_taken");
  }
  const auto made_to = vault->unlock(*vault->find_user("Noor"), pin_of(kSecond), world.clock.now());
  CHECK(code(vault->set_duress_pin(*made_to, pin_of("77777777"))) == "lease_ended");
  CHECK(code(vault->remove_duress_pin(*made_to)) == "lease_ended");
  // Neither hers nor another: what is answered tells nothing about hers.
  CHECK(code(vault->change_pin(*made_to, pin_of(kOwn))) == "lease_ended");
  CHECK(code(vault->change_pin(*made_to, pin_of("77777777"))) == "lease_ended");
  CHECK_FALSE(vault->unlock(*vault->find_user("Noor"), pin_of(kOwn), world.clock.now())->access.duress);
}

TEST_CASE("the second PIN gives nobody new tries at hers", "[vault][duress]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  REQUIRE(world.unlock(kSecond).ok());
  std::string answer;
  for (int attempt = 0; attempt < 40 && answer != "pin_destroyed"; ++attempt) {
    world.clock.pass(2 * 3'600'000);
    answer = world.unlock("00000000").error().code;
    world.clock.pass(2 * 3'600'000);
    const auto second = world.unlock(kSecond);
    if (answer != "pin_destroyed") CHECK(second.ok());
  }
  CHECK(answer == "pin_destroyed");
}

TEST_CASE("a second PIN that was removed, or replaced, opens nothing", "[vault][duress]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  REQUIRE(world.set_second("77777777").ok());
  CHECK(world.unlock(kSecond).error().code == "wrong_pin");
  {
    auto vault = world.open_vault();
    const auto own = vault->unlock(*vault->find_user("Noor"), pin_of(kOwn), world.clock.now());
    REQUIRE(vault->remove_duress_pin(*own).ok());
    REQUIRE(vault->remove_duress_pin(*own).ok());  // whether there was one is not told
  }
  CHECK(world.unlock("77777777").error().code == "wrong_pin");
  CHECK(world.unlock(kOwn).ok());
}

TEST_CASE("every unlock gives both slots new bytes and leaves every file as long as it was", "[vault][duress]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  REQUIRE(world.unlock(kOwn).ok());
  const auto stored = [&] {
    auto database = database::Database::open("vault.db", world.options());
    REQUIRE(database.ok());
    auto rows = database->prepare("SELECT slot_a, slot_b, length(sealed) FROM user ORDER BY ref");
    std::vector<Bytes> slots;
    while (*rows->step()) {
      for (const int column : {0, 1}) {
        CHECK(rows->column_blob(column).size() == 176);
        slots.push_back(to_bytes(rows->column_blob(column)));
      }
    }
    auto records = database->prepare("SELECT kind, length(sealed) FROM record ORDER BY kind, key");
    std::vector<std::pair<std::int64_t, std::int64_t>> sizes;
    while (*records->step()) sizes.emplace_back(records->column_int(0), records->column_int(1));
    return std::pair{slots, sizes};
  };
  for (const char* pin : {kOwn, kSecond, kOwn}) {
    const auto [slots, sizes] = stored();
    REQUIRE(world.unlock(pin).ok());
    const auto [new_slots, new_sizes] = stored();
    CHECK(sizes == new_sizes);
    std::size_t same = 0;
    for (std::size_t i = 0; i < slots.size(); ++i) same += slots[i] == new_slots[i];
    CHECK(same == 2);  // the other user's
  }
}

TEST_CASE("at every crash point of an unlock under duress: still shut, or a lease that ended for both PINs", "[vault][duress][crash]") {
  World world;
  REQUIRE(world.set_second(kSecond).ok());
  bool opened = false;
  const auto scenario = [&] { opened = world.unlock(kSecond).ok(); };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    auto vault = world.open_vault();
    REQUIRE(vault.ok());
    const auto noor = vault->find_user("Noor");
    const auto own = vault->unlock(*noor, pin_of(kOwn), world.clock.now());
    REQUIRE(own.ok());
    if (opened) CHECK(own->access.lease_ended);
    const auto second = vault->unlock(*noor, pin_of(kSecond), world.clock.now());
    REQUIRE(second.ok());
    CHECK(second->access.duress);
  });
  WARN("an unlock under duress: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("at every crash point of setting a second PIN her own opens, and the second does or does not", "[vault][duress][crash]") {
  World world;
  bool set = false;
  const auto scenario = [&] { set = world.set_second(kSecond).ok(); };
  support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    CHECK(world.unlock(kOwn).ok());
    const auto second = world.unlock(kSecond);
    if (set) CHECK(second.ok());
    if (!second.ok()) CHECK(second.error().code == "wrong_pin");
  });
}

namespace {

/// Wall time of one unlock with the real Argon2id, on a real disk.
double unlock_ms(const std::string& path, DeviceSecret& secret, const Lease& lease, const char* pin, bool duress) {
  VaultOptions options = program_vault_options();
  auto vault = Vault::open(path, secret, std::move(options));
  REQUIRE(vault.ok());
  const auto noor = vault->find_user("Noor");
  REQUIRE(vault->set_lease(noor->id, lease).ok());
  const auto start = std::chrono::steady_clock::now();
  const auto user = vault->unlock(*noor, pin_of(pin), SystemClock().now());
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  REQUIRE(user.ok());
  REQUIRE(user->access.duress == duress);
  return took.count();
}

double median(std::vector<double> times) {
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

}  // namespace

TEST_CASE("both PINs take the same time, within a tenth, with the real Argon2id", "[vault][duress][timing]") {
  const support::TempFolder folder;
  FileDeviceSecret secret(folder.file("device.secret"));
  support::TestHandheld facts;
  Lease lease = *facts.reply().lease;
  lease.valid_until_ms = SystemClock().now().wall_ms + 86'400'000;
  lease.duress_pin = true;
  {
    VaultOptions options = program_vault_options();
    options.measure = [] { return Result<crypto::KdfParameters>(crypto::KdfParameters{32ULL << 20, 2}); };
    auto vault = Vault::open(folder.file("vault.db"), secret, std::move(options));
    auto begun = vault->begin_enrolment(facts.ticket(), "Noor", pin_of(kOwn), "", false);
    REQUIRE(begun.ok());
    EnrolmentReply reply = facts.reply();
    reply.lease = lease;
    REQUIRE(vault->finish_enrolment(*begun, reply).ok());
    const auto own = vault->unlock(*vault->find_user("Noor"), pin_of(kOwn), SystemClock().now());
    REQUIRE(own.ok());
    REQUIRE(vault->set_duress_pin(*own, pin_of(kSecond)).ok());
  }
  // In turn, so that what else the machine does falls on both; medians, and a second look before it is called a difference.
  double ratio = 0;
  for (int attempt = 0; attempt < 4; ++attempt) {
    std::vector<double> own, second;
    for (int i = 0; i < 15; ++i) {
      own.push_back(unlock_ms(folder.file("vault.db"), secret, lease, kOwn, false));
      second.push_back(unlock_ms(folder.file("vault.db"), secret, lease, kSecond, true));
    }
    ratio = median(second) / median(own);
    WARN("second PIN / own PIN: " << ratio << " (own: " << median(own) << " ms)");
    if (ratio > 0.9 && ratio < 1.1) break;
  }
  CHECK(ratio > 0.9);
  CHECK(ratio < 1.1);
}
