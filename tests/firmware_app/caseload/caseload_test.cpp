#include <catch2/catch.hpp>

#include "common/model/card_box.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::CrashPoint;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }

  /// Part `part` of `parts`, with one card named `name`.
  Bytes sealed(const UnlockedUser& user, std::uint64_t edition, std::uint32_t part, std::uint32_t parts, const std::string& name) {
    model::pb::CardBundle bundle;
    bundle.set_user_id(to_string(user.id.view()));
    bundle.set_edition(edition);
    bundle.set_part(part);
    bundle.set_parts(parts);
    auto* card = bundle.add_cards();
    card->set_client_id(std::string(15, 'c') + static_cast<char>('0' + part));
    card->add_aliases(name);
    return model::seal_cards(user.box.public_key(), as_bytes(bundle.SerializeAsString()));
  }
};

std::vector<std::string> names(const std::vector<model::pb::Card>& cards) {
  std::vector<std::string> list;
  for (const auto& card : cards) list.push_back(card.aliases(0));
  return list;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a caseload in parts replaces the one before when all parts have come", "[caseload]") {
  World world;
  auto open = world.open();
  REQUIRE(open.ok());
  auto& [vault, server, journal, caseload, user, cards, clock] = **open;
  CHECK(caseload.cards(user)->empty());
  REQUIRE(caseload.store(user.id, {1, 10}, world.sealed(user, 1, 0, 1, "Roos")).ok());
  CHECK(names(*caseload.cards(user)) == Names{"Roos"});
  REQUIRE(caseload.store(user.id, {1, 12}, world.sealed(user, 2, 1, 2, "Ilona")).ok());
  CHECK(names(*caseload.cards(user)) == Names{"Roos"});
  REQUIRE(caseload.store(user.id, {1, 11}, world.sealed(user, 2, 0, 2, "Anouk")).ok());
  CHECK(names(*caseload.cards(user)) == Names{"Anouk", "Ilona"});
}

TEST_CASE("a caseload that was replaced is gone from the file", "[caseload]") {
  World world;
  Bytes first;
  {
    auto open = world.open();
    auto& handheld = **open;
    first = world.sealed(handheld.user, 1, 0, 1, "Roos");
    REQUIRE(handheld.caseload.store(handheld.user.id, {1, 1}, first).ok());
    REQUIRE(handheld.caseload.store(handheld.user.id, {1, 2}, world.sealed(handheld.user, 2, 0, 1, "Ilona")).ok());
    const ByteView piece = ByteView(first).subspan(100, 64);
    REQUIRE(world.vfs.disk().contains(piece));
    CHECK(names(*handheld.caseload.cards(handheld.user)) == Names{"Ilona"});
    CHECK_FALSE(world.vfs.disk().contains(piece));
  }
}

TEST_CASE("parts of before a mark go without a PIN, and nobody else's", "[caseload]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const Bytes old = world.sealed(handheld.user, 1, 0, 1, "Roos");
  REQUIRE(handheld.caseload.store(world.noor, {1, 9}, old).ok());
  REQUIRE(handheld.caseload.store(world.noor, {2, 3}, world.sealed(handheld.user, 2, 0, 1, "Ilona")).ok());
  const Bytes maaike = world.sealed(handheld.user, 1, 0, 1, "Joke");
  REQUIRE(handheld.caseload.store(world.maaike, {1, 1}, maaike).ok());
  REQUIRE(world.vfs.disk().contains(ByteView(old).subspan(100, 64)));
  REQUIRE(handheld.caseload.forget_before(world.noor, {2, 3}).ok());  // a new epoch counts anew
  CHECK_FALSE(world.vfs.disk().contains(ByteView(old).subspan(100, 64)));
  CHECK(world.vfs.disk().contains(ByteView(maaike).subspan(100, 64)));
  CHECK(names(*handheld.caseload.cards(handheld.user)) == Names{"Ilona"});
}

TEST_CASE("one user's cards do not open for another, nor lie in clear", "[caseload]") {
  World world;
  {
    auto noor = world.open();
    REQUIRE((*noor)->caseload.store(world.noor, {1, 1}, world.sealed((*noor)->user, 1, 0, 1, "Canary-Roos")).ok());
    // Told over Maaike's name, it is still sealed to Noor.
    REQUIRE((*noor)->caseload.store(world.maaike, {1, 1}, world.sealed((*noor)->user, 1, 0, 1, "Canary-Roos")).ok());
  }
  CHECK_FALSE(world.vfs.disk().contains(as_bytes("Canary-Roos")));
  auto vault = world.open_vault();
  auto caseload = Caseload::open("caseload.db", world.options());
  const auto maaike = vault->unlock(*vault->find_user("Maaike"), support::pin_of("87654321"), world.clock.now());
  CHECK(caseload->cards(*maaike).error().code == "cards_unreadable");
}

TEST_CASE("at every crash point of a replacement one whole caseload is there", "[caseload][crash]") {
  World world;
  std::vector<Bytes> parts;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.caseload.store(world.noor, {1, 1}, world.sealed(handheld.user, 1, 0, 1, "Roos")).ok());
    parts = {world.sealed(handheld.user, 2, 0, 2, "Anouk"), world.sealed(handheld.user, 2, 1, 2, "Ilona")};
  }
  bool replaced = false;
  const auto scenario = [&] {
    replaced = false;
    auto open = world.open();
    if (!open.ok()) return;
    auto& handheld = **open;
    if (!handheld.caseload.store(world.noor, {1, 2}, parts[0]).ok()) return;
    if (!handheld.caseload.store(world.noor, {1, 3}, parts[1]).ok()) return;
    replaced = true;
    static_cast<void>(handheld.caseload.cards(handheld.user));
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const CrashPoint&) {
    auto open = world.open();
    REQUIRE(open.ok());
    const auto found = (*open)->caseload.cards((*open)->user);
    REQUIRE(found.ok());
    const Names now = names(*found);
    CHECK((now == Names{"Anouk", "Ilona"} || (!replaced && now == Names{"Roos"})));
  });
  WARN("cards: " << count.operations << " operations, " << count.crashes << " crashes");
}

TEST_CASE("a damaged caseload is one clear error, and contacts can still be saved", "[caseload]") {
  World world;
  REQUIRE(Caseload::open("caseload.db", world.options()).ok());
  world.vfs.disk().flip_bit("caseload.db", 3, 0);
  const auto opened = Caseload::open("caseload.db", world.options());
  CHECK(opened.error().code == "cards_unreadable");
  CHECK(opened.error().kind == ErrorKind::kCorrupt);
  auto journal = world.open_journal();
  CHECK(journal.ok());
}

TEST_CASE("a part that an index no longer finds is missed", "[caseload]") {
  World world;
  {
    auto open = world.open();
    auto& handheld = **open;
    REQUIRE(handheld.caseload.store(handheld.user.id, {1, 1}, world.sealed(handheld.user, 1, 0, 1, "Roos")).ok());
  }
  const Bytes file = world.vfs.disk().content("caseload.db");
  int found = 0;
  for (auto at = file.begin(); (at = std::search(at, file.end(), world.noor.view().begin(), world.noor.view().end())) != file.end(); ++at) {
    ++found;
    world.vfs.disk().put("caseload.db", file);
    world.vfs.disk().flip_bit("caseload.db", static_cast<std::size_t>(at - file.begin()), 1);
    auto caseload = Caseload::open("caseload.db", world.options());
    REQUIRE(caseload.ok());
    auto vault = world.open_vault();
    const auto user = vault->unlock(*vault->find_user("Noor"), support::pin_of("12345678"), world.clock.now());
    const auto cards = caseload->cards(*user);
    REQUIRE_FALSE(cards.ok());
    CHECK(cards.error().code == "cards_unreadable");
  }
  CHECK(found >= 2);
}
