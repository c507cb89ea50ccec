#include <catch2/catch.hpp>

#include "common/model/limits.hpp"
#include "tests/firmware_app/test_handheld.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;
using support::a_contact;

namespace {

struct World : support::TestHandheld {
  World() { enrol_both(); }
};

std::string repeated(const char* text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

}  // namespace

TEST_CASE("what is not valid is refused with its reason, and nothing of it is saved", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto code_with = [&](auto&& change) {
    ContactDraft draft = a_contact();
    change(draft);
    const auto saved = handheld.capture().log_contact(draft);
    return saved.ok() ? std::string() : saved.error().code;
  };
  CHECK(code_with([](auto& draft) { draft.place = "moon"; }) == "unknown_code");
  CHECK(code_with([](auto& draft) { draft.channel = ""; }) == "unknown_code");
  CHECK(code_with([](auto& draft) { draft.topics = {"weather"}; }) == "unknown_code");
  CHECK(code_with([](auto& draft) { draft.minutes = model::kMinutesMax + 1; }) == "minutes_invalid");
  CHECK(code_with([](auto& draft) { draft.note = repeated("é", model::kNoteCharactersMax + 1); }) == "note_too_long");
  CHECK(code_with([](auto& draft) { draft.note = "bell \a"; }) == "text_control");
  CHECK(code_with([](auto& draft) { draft.note = "\xff"; }) == "text_invalid");
  CHECK(code_with([](auto& draft) { draft.who = UnknownPerson{"red\x1b[31m"}; }) == "text_control");
  CHECK(code_with([](auto& draft) { draft.who = UnknownPerson{"c1 \u0085"}; }) == "text_control");
  CHECK(code_with([](auto& draft) { draft.who = NewClient{" \t"}; }) != "");
  CHECK(code_with([](auto& draft) { draft.who = NewClient{""}; }) == "alias_empty");
  CHECK(code_with([](auto& draft) { draft.who = NewClient{repeated("x", 81)}; }) == "alias_too_long");
  CHECK(code_with([](auto& draft) { draft.follow_up = FollowUpDraft{"2026-02-30", "x"}; }) == "date_invalid");
  CHECK(handheld.journal.logs()->back().head.seq == 0);
  CHECK(handheld.journal.companions(kProvisionalCompanion)->empty());

  CHECK(code_with([](auto& draft) { draft.note = repeated("é", model::kNoteCharactersMax); }).empty());
  CHECK(code_with([](auto& draft) { draft.note = "two\nlines\tand a tab"; }).empty());
  CHECK(code_with([](auto& draft) { draft.who = NewClient{repeated("я", 80)}; }).empty());
  CHECK(code_with([](auto& draft) { draft.who = NewClient{"مريم"}; }).empty());
}

TEST_CASE("an unknown place is refused with those that are known", "[capture]") {
  World world;
  auto open = world.open();
  ContactDraft draft = a_contact();
  draft.place = "moon";
  const auto saved = (*open)->capture().log_contact(draft);
  REQUIRE_FALSE(saved.ok());
  CHECK(saved.error().args == std::vector<std::string>{"place", "moon", "zone, loods, huiskamer, elsewhere, home, institution, office"});
}

TEST_CASE("a correction needs a reason and something to correct", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  const auto contact = handheld.capture().log_contact(a_contact())->event;
  ContactChanges changes;
  CHECK(handheld.capture().amend(contact, "why", changes).error().code == "nothing_changed");
  changes.place = "loods";
  CHECK(handheld.capture().amend(contact, "", changes).error().code == "reason_needed");
  changes.place = "moon";
  CHECK(handheld.capture().amend(contact, "why", changes).error().code == "unknown_code");
  CHECK(handheld.capture().retract(contact, "").error().code == "reason_needed");
  CHECK(handheld.journal.logs()->back().head.seq == 1);
}

TEST_CASE("a full disk refuses the contact and loses nothing that was saved", "[capture]") {
  World world;
  auto open = world.open();
  auto& handheld = **open;
  REQUIRE(handheld.capture().log_contact(a_contact("kept")).ok());
  for (std::uint64_t operation = 1; operation <= 3; ++operation) {
    world.vfs.disk().heal();
    world.vfs.disk().fail_at(operation, support::Fault::kDiskFull, true);
    const auto refused = handheld.capture().log_contact(a_contact("refused"));
    world.vfs.disk().heal();
    if (!refused.ok()) CHECK(refused.error().code == "disk_full");
    const auto read = handheld.capture().readable();
    REQUIRE(read.ok());
    CHECK(read->contacts[0].fields.at("note") == "kept");
    CHECK(read->contacts.size() == (refused.ok() ? 2U : 1U));
    if (refused.ok()) break;
  }
  CHECK(handheld.capture().log_contact(a_contact("after")).ok());
}

TEST_CASE("a database that another process holds is said to be locked, and a held one lets no other in", "[capture]") {
  World world;
  {
    auto other = database::Database::open("journal.db", world.options());
    REQUIRE(other->execute("CREATE TABLE t(x); BEGIN IMMEDIATE").ok());
    CHECK(world.open_journal().error().code == "database_locked");
  }
  auto open = world.open();
  REQUIRE((*open)->capture().log_contact(a_contact()).ok());
  CHECK(database::Database::open("journal.db", world.options()).error().code == "database_locked");
}

TEST_CASE("damaged and newer files are one clear error each and are left as they are", "[capture]") {
  World world;
  {
    auto open = world.open();
    REQUIRE((*open)->capture().log_contact(a_contact()).ok());
  }
  const auto saved = world.vfs.disk().snapshot();
  for (const char* file : {"journal.db", "vault.db", "caseload.db"}) {
    INFO(file);
    for (const int how : {0, 1, 2}) {
      world.vfs.disk().restore(saved);
      if (how == 0) world.vfs.disk().flip_bit(file, 3, 0);
      if (how == 1) world.vfs.disk().cut_off(file, 2000);
      if (how == 2) REQUIRE(database::Database::open(file, world.options())->execute("PRAGMA user_version = 99").ok());
      const Bytes before = world.vfs.disk().content(file);
      const auto opened = world.open();
      REQUIRE_FALSE(opened.ok());
      // Cards come anew with a sync: nobody is told to leave that file as it is.
      const bool comes_anew = std::string_view(file) == "caseload.db" && how != 2;
      CHECK(opened.error().code == (how == 2 ? "newer_store" : comes_anew ? "cards_unreadable" : "database_damaged"));
      if (!comes_anew) CHECK(opened.error().args.at(0) == file);
      CHECK(world.vfs.disk().content(file) == before);
    }
  }
}
