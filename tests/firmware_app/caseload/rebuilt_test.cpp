// A caseload that is no longer what was written: said, and written anew by the next sync that brings cards.
#include <catch2/catch.hpp>

#include <algorithm>

#include "common/model/card_box.hpp"
#include "firmware_app/caseload/cards.hpp"
#include "firmware_app/caseload/statement_keeper.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
namespace said = lantaarn::sync::pb;

namespace {

using Names = std::vector<std::string>;

struct World : support::TestHandheld {
  World() {
    enrol_both();
    for (const auto& [name, pin] : {std::pair("Noor", "12345678"), std::pair("Maaike", "87654321")}) {
      auto handheld = open(name, pin);
      REQUIRE(handheld.ok());
      box_keys.emplace(name, (*handheld)->user.box.public_key());
      support::give_cards((*handheld)->caseload, (*handheld)->user, {"Roos", "Ilona"});
      if (std::string_view(name) == "Noor") add_provisional(**handheld);
    }
    whole = vfs.disk().content("caseload.db");
  }
  static void add_provisional(support::OpenHandheld& handheld) {
    model::pb::Card card;
    card.set_client_id(std::string(16, 'p'));
    card.add_aliases("Iris");
    REQUIRE(handheld.journal.save_companions({make_provisional_card(handheld.user, card)}).ok());
  }

  /// What Noor sees: names, or why none.
  std::pair<std::string, Names> seen(const std::string& name = "Noor", std::string_view pin = "12345678") {
    auto caseload = Caseload::open("caseload.db", options());
    if (!caseload.ok()) return {caseload.error().code, {}};
    auto vault = open_vault();
    auto journal = open_journal();
    const auto user = vault->unlock(*vault->find_user(name), support::pin_of(pin), clock.now());
    const auto cards = load_cards(*caseload, *journal, *user);
    if (!cards.ok()) return {cards.error().code, {}};
    Names names;
    for (const CaseCard& card : *cards) names.push_back(card.name());
    return {"ok", names};
  }

  said::Statement cards_of(const UserId& user, const std::string& name, const Names& women) {
    model::pb::CardBundle bundle;
    bundle.set_user_id(to_string(user.view()));
    bundle.set_edition(7);
    bundle.set_parts(1);
    char id = 'c';
    for (const std::string& woman : women) {
      auto* card = bundle.add_cards();
      card->set_client_id(std::string(16, id++));
      card->add_aliases(woman);
    }
    said::Statement made;
    made.set_kind(said::CARDS);
    made.set_device_id(to_string(device.view()));
    made.set_user_id(to_string(user.view()));
    made.set_epoch(1);
    made.set_counter(++counter);
    made.set_body(to_string(model::seal_cards(box_keys.at(name), as_bytes(bundle.SerializeAsString()))));
    return made;
  }
  /// A session that brings these cards, as Folder and synchronise() keep them. Stops at the first error.
  Status session(const std::vector<said::Statement>& statements) {
    auto vault = open_vault();
    if (!vault.ok()) return vault.error();
    auto caseload = Caseload::open("caseload.db", options());
    StatementKeeper keeper(*vault, caseload, nullptr, [this] { return Caseload::open_anew("caseload.db", options()); });
    for (const auto& statement : statements) {
      if (Status kept = keeper.accept(statement); !kept.ok()) return kept;
    }
    return keeper.complete();
  }
  std::vector<said::Statement> both() { return {cards_of(noor, "Noor", {"Roos", "Ilona", "Anouk"}), cards_of(maaike, "Maaike", {"Roos"})}; }

  void damage(int how) {
    Bytes bytes = whole;
    if (how == 0) bytes[3] ^= 1;                     // no database any more
    if (how == 1) bytes.resize(bytes.size() / 2);    // cut off
    if (how == 2) *index_entry(bytes) ^= 1;          // opens, and an index misses a part
    vfs.disk().put("caseload.db", bytes);
  }
  std::uint8_t* index_entry(Bytes& bytes) {
    std::uint8_t* last = nullptr;
    for (auto at = bytes.begin(); (at = std::search(at, bytes.end(), noor.view().begin(), noor.view().end())) != bytes.end(); ++at) last = &*at;
    REQUIRE(last != nullptr);
    return last;
  }

  std::map<std::string, crypto::BoxPublicKey> box_keys;
  std::uint64_t counter = 100;
  Bytes whole;
};

const std::pair<std::string, Names> kUnreadable = {"cards_unreadable", {}};

}  // namespace

TEST_CASE("a damaged caseload is said to be, and a sync brings the cards back beside what was added here", "[caseload]") {
  const int how = GENERATE(0, 1, 2);
  World world;
  REQUIRE(world.seen() == std::pair(std::string("ok"), Names{"Ilona", "Iris", "Roos"}));
  world.damage(how);
  REQUIRE(world.seen() == kUnreadable);
  REQUIRE(world.session(world.both()).ok());
  CHECK(world.seen() == std::pair(std::string("ok"), Names{"Anouk", "Ilona", "Iris", "Roos"}));
  CHECK(world.seen("Maaike", "87654321").second == Names{"Roos"});
  // The next session leaves alone what is sound.
  REQUIRE(world.session({world.cards_of(world.noor, "Noor", {"Roos"})}).ok());
  CHECK(world.seen().second == Names{"Iris", "Roos"});
  CHECK(world.seen("Maaike", "87654321").second == Names{"Roos"});
}

TEST_CASE("a damaged caseload stays said to be while no cards come", "[caseload]") {
  World world;
  world.damage(2);
  const Bytes damaged = world.vfs.disk().content("caseload.db");
  said::Statement standing = world.cards_of(world.noor, "Noor", {});
  standing.set_kind(said::STANDING);
  REQUIRE(world.session({standing}).ok());
  CHECK(world.vfs.disk().content("caseload.db") == damaged);
  CHECK(world.seen() == kUnreadable);
}

TEST_CASE("a caseload of a newer program is not written anew", "[caseload]") {
  World world;
  {
    auto database = database::Database::open("caseload.db", world.options());
    REQUIRE(database->execute("PRAGMA user_version = 99").ok());
  }
  CHECK(world.session(world.both()).error().code == "newer_store");
  CHECK(world.seen().first == "newer_store");
}

TEST_CASE("a caseload that is written anew may be cut at any point, and the next sync brings the cards", "[caseload][crash]") {
  World world;
  world.damage(1);
  const auto statements = world.both();
  const Names all = {"Anouk", "Ilona", "Iris", "Roos"};
  const auto count = support::for_each_crash_point(
      world.vfs, [&] { static_cast<void>(world.session(statements)); },
      [&](const support::CrashPoint&) {
        const auto before = world.seen();
        const bool is_true = before == kUnreadable || before.second == Names{"Iris"} || before.second == all;
        CHECK(is_true);
        REQUIRE(world.session(world.both()).ok());
        CHECK(world.seen().second == all);
      });
  WARN("a caseload written anew: " << count.operations << " operations, " << count.crashes << " crashes");
}
