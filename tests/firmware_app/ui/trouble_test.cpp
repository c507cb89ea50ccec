// Bad luck and bad input on the screens: a sentence a tired person understands, and nothing lost.
#include <catch2/catch.hpp>
#include <csignal>
#include <sys/resource.h>

#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

firmware::Lease over() {
  firmware::Lease lease;
  lease.valid_until_ms = 1'000'000'000'000;
  return lease;
}

void flip_last_entry(const std::string& folder) {
  auto database = database::Database::open(folder + "/journal.db", {});
  REQUIRE(database.ok());
  REQUIRE(database->execute("UPDATE entry SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || iif(substr(bytes, -1) = x'00', x'01', x'00') AS BLOB) WHERE place = (SELECT max(place) FROM entry)").ok());
}

/// No file of this process grows any more.
struct NoRoom {
  NoRoom() {
    std::signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    rlimit none = before;
    none.rlim_cur = 1;
    setrlimit(RLIMIT_FSIZE, &none);
  }
  ~NoRoom() { setrlimit(RLIMIT_FSIZE, &before); }
  rlimit before{};
};

}  // namespace

TEST_CASE("a wrong PIN is said, then she waits, and a colleague's PIN opens nothing of hers", "[ui][trouble]") {
  const UiFolder folder;
  UiWorld world(folder);
  auto& lock = world.screens().lock();
  lock.select(1);
  const auto try_pin = [&](const std::string& pin) {
    for (const char digit : pin) world.tap(QString(QChar(digit)));
    world.tap(word("ui:lock:open"));
    REQUIRE(world.wait_until([&] { return !lock.busy(); }));
  };
  try_pin("87654321");
  CHECK(world.screen() == "lock");
  CHECK(lock.message() == word("error:wrong_pin"));
  CHECK(lock.length() == 0);
  for (int i = 0; i < 3 && lock.waitSeconds() == 0; ++i) try_pin("00000000");
  CHECK(lock.waitSeconds() > 0);
  CHECK(world.sees(word("ui:lock:wait", {std::to_string(lock.waitSeconds())})));
}

TEST_CASE("a lease that is over: nothing can be read, a contact can be saved", "[ui][trouble]") {
  UiFolder folder;
  folder.set_lease(over());
  UiWorld world(folder);
  world.unlock();
  auto& evening = world.screens().evening();
  CHECK(evening.leaseEnded());
  CHECK(world.sees(word("error:lease_ended")));
  CHECK(world.screens().people().total() == 0);
  CHECK(world.find(word("ui:evening:women")) == nullptr);
  world.tap(word("ui:evening:new_contact"));
  world.type(word("ui:contact:new_name"), "Flora");
  world.tap(word("ui:contact:new", {"Flora"}));
  world.tap(word("ui:contact:spoken_only"));
  REQUIRE(world.wait_until([&] { return world.screen() == "evening"; }));
  world.settle();
  CHECK(world.sees(word("ui:standing:waits")));
  CHECK(evening.contacts().isEmpty());
  CHECK(evening.drafts().isEmpty());
}

TEST_CASE("a lease that ends in the middle of a round: tonight can still be written down", "[ui][trouble]") {
  UiFolder folder;
  {
    UiWorld world(folder);
    world.unlock();
    world.screens().evening().startRound({"zone"}, "");
    REQUIRE(world.wait_until([&] { return world.screens().evening().roundOpen(); }));
  }
  folder.set_lease(over());
  UiWorld world(folder);
  world.unlock();
  CHECK(world.screens().evening().leaseEnded());
  world.tap(word("ui:evening:new_contact"));
  world.tap(word("ui:contact:unknown"));
  world.tap(word("ui:contact:spoken_only"));
  REQUIRE(world.wait_until([&] { return world.screen() == "evening"; }));
}

TEST_CASE("a lease that runs out while she works locks, and then nothing can be read", "[ui][trouble]") {
  const UiFolder folder;
  {
    UiWorld world(folder);
    world.unlock();
    const UserId noor = *UserId::parse_hex(folder.noor());
    world.screens().office().ask(
        [noor](firmware::ui::Hand& hand) -> Result<bool> {
          LANTAARN_TRY(hand.folder->vault.set_lease(noor, over()));
          return true;
        },
        [](const Result<bool>&) {});
    world.settle();
    CHECK_FALSE(world.locked());
    world.screens().evening().look_at_lease();
    REQUIRE(world.wait_until([&] { return world.locked(); }));
  }
  UiWorld world(folder);
  world.unlock();
  CHECK(world.screens().evening().leaseEnded());
}

TEST_CASE("a disk without room: it is said, what was typed stays on the screen, and is saved once there is room", "[ui][trouble]") {
  const UiFolder folder;
  UiWorld world(folder);
  world.unlock();
  auto& contact = world.screens().contact();
  world.tap(word("ui:evening:new_contact"));
  world.tap("Roos");
  world.tap(word("code:outcome:declined"));
  world.settle();
  {
    const NoRoom no_room;
    world.tap(word("ui:contact:save"));
    REQUIRE(world.wait_until([&] { return world.screens().app().noticeIsTrouble(); }));
  }
  CHECK(world.screen() == "contact");
  CHECK(contact.outcome() == "declined");
  world.screens().app().dismissNotice();
  world.tap(word("ui:contact:save"));
  REQUIRE(world.wait_until([&] { return world.screens().evening().contacts().size() == 1; }));
}

TEST_CASE("a journal that is damaged is said, and the evening goes on", "[ui][trouble]") {
  const UiFolder folder;
  {
    UiWorld world(folder);
    world.unlock();
  }
  flip_last_entry(folder.path());
  UiWorld world(folder);
  world.unlock();
  CHECK(world.sees(word("ui:warning:damage")));
  world.tap(word("ui:evening:new_contact"));
  world.tap("Roos");
  world.tap(word("ui:contact:spoken"));
  CHECK(world.wait_until([&] { return world.screens().evening().contacts().size() == 1; }));
}

TEST_CASE("a vault that is damaged is said on the lock screen", "[ui][trouble]") {
  const UiFolder folder;
  support::write_file(folder.path() + "/vault.db", std::string(8192, 'x'));
  application();
  firmware::ui::Screens screens(folder.path(), folder.vault_options());
  screens.lock().open();
  QEventLoop loop;
  QObject::connect(&screens.lock(), &firmware::ui::LockModel::stateChanged, &loop, &QEventLoop::quit);
  loop.exec();
  CHECK_FALSE(screens.lock().ready());
  CHECK(screens.lock().message() == word("error:database_damaged", {"vault.db"}));
}

TEST_CASE("five thousand cards: the list opens, scrolls and finds", "[ui][trouble]") {
  const UiFolder folder(5000);
  UiWorld world(folder);
  world.unlock();
  REQUIRE(world.wait_until([&] { return world.screens().people().total() == 5000; }));
  world.tap(word("ui:evening:new_contact"));
  world.type(word("ui:contact:search"), "vrouw 4999");
  CHECK(world.wait_until([&] { return world.find("Vrouw 4999") != nullptr; }));
}

TEST_CASE("a name of two hundred letters is too long, and stays where it was typed", "[ui][trouble]") {
  const UiFolder folder;
  UiWorld world(folder);
  world.unlock();
  world.tap(word("ui:evening:new_contact"));
  auto& contact = world.screens().contact();
  contact.chooseNew(QString(200, 'w'));
  contact.setOutcome("spoken");
  contact.save();
  REQUIRE(world.wait_until([&] { return world.screens().app().noticeIsTrouble(); }));
  CHECK(world.screens().app().notice() == word("error:alias_too_long", {"80"}));
  CHECK(contact.whoText().size() == 200);
  static_cast<void>(world.picture());
  for (QQuickItem* item : world.items()) {
    if (item->inherits("QQuickText")) CHECK(item->property("contentWidth").toDouble() <= item->width() + 1);
  }
}

TEST_CASE("a name as long as may be, from right to left, or with signs that hide something, is shown whole and plain", "[ui][trouble]") {
  const UiFolder folder;
  UiWorld world(folder);
  world.unlock();
  for (const std::string& name : {std::string(80, 'w'), std::string("مريم"), std::string("Ма\u202Eрия\u200B")}) {
    auto& contact = world.screens().contact();
    contact.begin();
    contact.chooseNew(QString::fromStdString(name));
    contact.setOutcome("spoken");
    const auto before = world.screens().evening().contacts().size();
    contact.save();
    REQUIRE(world.wait_until([&] { return world.screens().evening().contacts().size() == before + 1 || world.screens().app().noticeIsTrouble(); }));
    INFO(world.screens().app().notice().toStdString());
    REQUIRE_FALSE(world.screens().app().noticeIsTrouble());
    const QString who = world.screens().evening().contacts().front().toMap().value("who").toString();
    CHECK_FALSE(who.contains(QChar(0x202E)));
    CHECK(who.size() <= static_cast<int>(name.size()));
    CHECK_FALSE(who.isEmpty());
    world.screens().app().dismissNotice();
  }
  static_cast<void>(world.picture());
  for (QQuickItem* item : world.items()) {
    if (item->inherits("QQuickText")) CHECK(item->property("contentWidth").toDouble() <= item->width() + 1);
  }
}
