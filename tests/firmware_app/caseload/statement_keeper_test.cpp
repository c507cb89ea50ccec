#include "firmware_app/caseload/statement_keeper.hpp"

#include <catch2/catch.hpp>

#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
namespace said = lantaarn::sync::pb;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
  said::Statement statement(said::StatementKind kind, std::uint64_t counter, const std::string& body, const UserId& user = {}) {
    said::Statement made;
    made.set_kind(kind);
    made.set_device_id(to_string(device.view()));
    if (!user.is_zero()) made.set_user_id(to_string(user.view()));
    made.set_epoch(1);
    made.set_counter(counter);
    made.set_body(body);
    return made;
  }
};

}  // namespace

TEST_CASE("a lease is kept for its user with its mark, and one for the device for all of them", "[caseload]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Result<Caseload> caseload(std::move(handheld.caseload));
  StatementKeeper keeper(handheld.vault, caseload);
  said::Lease lease;
  lease.set_valid_until_ms(77);
  REQUIRE(keeper.accept(world.statement(said::LEASE, 5, lease.SerializeAsString(), world.noor)).ok());
  CHECK((*handheld.vault.lease(world.noor))->valid_until_ms == 77);
  CHECK((*handheld.vault.lease(world.maaike))->valid_until_ms != 77);
  CHECK(*keeper.mark(said::LEASE, world.noor) == sync::StatementMark{1, 5});
  CHECK(*keeper.mark(said::LEASE, world.maaike) == sync::StatementMark{});
  lease.set_valid_until_ms(88);
  REQUIRE(keeper.accept(world.statement(said::LEASE, 6, lease.SerializeAsString())).ok());
  CHECK((*handheld.vault.lease(world.maaike))->valid_until_ms == 88);
}

TEST_CASE("a standing leaves only its mark here: the sender records what was merged", "[caseload]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Result<Caseload> caseload(std::move(handheld.caseload));
  StatementKeeper keeper(handheld.vault, caseload);
  REQUIRE(keeper.accept(world.statement(said::STANDING, 3, "")).ok());
  CHECK(*keeper.mark(said::STANDING, {}) == sync::StatementMark{1, 3});
}

TEST_CASE("what cannot be carried out is not acknowledged", "[caseload]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Result<Caseload> broken(corrupt("database_damaged", {"caseload.db"}));
  StatementKeeper keeper(handheld.vault, broken);
  CHECK(keeper.accept(world.statement(said::DIRECTIVE, 9, "")).error().code == "statement_unknown");
  CHECK(*keeper.mark(said::DIRECTIVE, {}) == sync::StatementMark{});
  CHECK(keeper.accept(world.statement(said::CARDS, 9, "x", world.noor)).error().code == "database_damaged");
  CHECK(*keeper.mark(said::CARDS, world.noor) == sync::StatementMark{});
  CHECK(keeper.accept(world.statement(said::LEASE, 9, "\xff", world.noor)).error().code == "protocol_error");
}

TEST_CASE("cards of an earlier session go when all of a later one's have come, without a PIN", "[caseload]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  Result<Caseload> caseload(std::move(handheld.caseload));
  const auto lies_here = [&](const std::string& body) { return world.vfs.disk().contains(as_bytes(body)); };
  const std::string old = "sealed cards of the session before";
  const std::string other = "sealed cards of somebody else";
  {
    StatementKeeper before(handheld.vault, caseload);
    REQUIRE(before.accept(world.statement(said::CARDS, 4, old, world.noor)).ok());
    REQUIRE(before.accept(world.statement(said::CARDS, 5, other, world.maaike)).ok());
    REQUIRE(before.complete().ok());
    CHECK(lies_here(old));
  }
  StatementKeeper keeper(handheld.vault, caseload);
  REQUIRE(keeper.accept(world.statement(said::CARDS, 8, "new part one", world.noor)).ok());
  REQUIRE(keeper.accept(world.statement(said::CARDS, 9, "new part two", world.noor)).ok());
  CHECK(lies_here(old));  // the session may still be cut
  REQUIRE(keeper.complete().ok());
  CHECK_FALSE(lies_here(old));
  CHECK(lies_here("new part one"));
  CHECK(lies_here("new part two"));
  CHECK(lies_here(other));
}
