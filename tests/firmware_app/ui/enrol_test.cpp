// A handheld that nobody uses yet, and a colleague beside who does. With a real server: tests/e2e/screens_test.cpp.
#include <catch2/catch.hpp>

#include "firmware_app/handheld/tickets.hpp"
#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

/// A stick with a ticket, and what else lies on one.
struct Stick {
  explicit Stick(const std::string& address = "127.0.0.1:1", int users = 1) {
    std::filesystem::create_directories(folder.path() / "noor" / "STICK");
    sync::Ticket ticket = ids.ticket();
    ticket.server_address = address;
    ticket.users.resize(static_cast<std::size_t>(users));
    write_file((folder.path() / "noor" / "STICK" / "ticket-h1").string(), sync::write_ticket(ticket));
    write_file((folder.path() / "noor" / "STICK" / "rekening.txt").string(), "geen ticket");
    qputenv("LANTAARN_TICKETS", QByteArray::fromStdString(folder.path().string()));
  }
  ~Stick() { qunsetenv("LANTAARN_TICKETS"); }
  Stick(const Stick&) = delete;
  Stick& operator=(const Stick&) = delete;
  TempFolder folder;
  TestHandheld ids;
};

void type_pin(UiWorld& world, const std::string& pin, const QString& action) {
  for (const char digit : pin) world.tap(QString(QChar(digit)));
  world.tap(action);
}

firmware::VaultOptions cheap() {
  firmware::VaultOptions made;
  made.measure = [] { return Result<crypto::KdfParameters>(crypto::KdfParameters{1, 1}); };
  made.pin_kdf = cheap_pin_kdf();
  return made;
}

}  // namespace

TEST_CASE("a ticket is found on a stick, and nothing else is taken for one", "[ui][enrol]") {
  const Stick stick;
  const auto found = firmware::find_tickets();
  REQUIRE(found.size() == 1);
  CHECK(found.front().name == "ticket-h1");
  CHECK(found.front().stick == "STICK");
  CHECK(firmware::find_tickets({"/nowhere"}).empty());
}

TEST_CASE("a handheld that nobody uses yet asks for a ticket, and one without a stick says what to do", "[ui][enrol]") {
  const TempFolder folder, empty;
  qputenv("LANTAARN_TICKETS", QByteArray::fromStdString(empty.path().string()));
  UiWorld world(folder.file("new"), cheap());
  CHECK(world.screen() == "enrol");
  REQUIRE(world.wait_until([&] { return world.sees(word("ui:enrol:none")); }));
  CHECK(world.find(word("ui:back")) == nullptr);
  const Stick stick;
  world.tap(word("ui:enrol:look_again"));
  CHECK(world.wait_until([&] { return world.find("ticket-h1") != nullptr; }));
}

TEST_CASE("two PINs that differ, a short one and a server that is away are said, and the ticket goes on", "[ui][enrol]") {
  const TempFolder folder;
  const Stick stick;
  UiWorld world(folder.file("new"), cheap());
  world.tap("ticket-h1");
  const auto twice = [&](const char* first, const char* second) {
    REQUIRE(world.wait_until([&] { return world.find(word("ui:key:done")) != nullptr; }));
    type_pin(world, first, word("ui:key:done"));
    type_pin(world, second, word("ui:contact:save"));
    REQUIRE(world.wait_until([&] { return !world.screens().enrol().busy() && !world.screens().enrol().message().isEmpty(); }, 20'000));
  };
  twice("24682468", "24682469");
  CHECK(world.sees(word("error:pin_mismatch")));
  twice("1234", "1234");
  CHECK(world.sees(word("error:pin_too_short", {"8"})));
  twice("24682468", "24682468");
  CHECK(world.sees(word("error:server_unreachable", {"127.0.0.1:1"})));
  // Where she is told that it is elsewhere, she can say so.
  world.type(word("ui:enrol:address"), "127.0.0.1:2");
  world.unfocus();
  world.tap(word("ui:enrol:next"));
  twice("24682468", "24682468");
  CHECK(world.sees(word("error:server_unreachable", {"127.0.0.1:2"})));
  CHECK(world.screens().enrol().chosen());
}

TEST_CASE("a ticket for several asks who she is, and one that names no server asks where it is", "[ui][enrol]") {
  const TempFolder folder;
  const Stick stick("", 2);
  UiWorld world(folder.file("new"), cheap());
  world.tap("ticket-h1");
  REQUIRE(world.wait_until([&] { return world.screens().enrol().chosen(); }));
  CHECK(world.find(word("ui:key:done")) == nullptr);
  world.tap("Maaike");
  CHECK(world.find(word("ui:key:done")) == nullptr);
  world.type(word("ui:enrol:address"), "127.0.0.1:1");
  world.unfocus();
  CHECK(world.find(word("ui:key:done")) == nullptr);
  world.tap(word("ui:enrol:next"));
  CHECK(world.find(word("ui:key:done")) != nullptr);
}

TEST_CASE("a colleague is added beside who works here, and a ticket of another handheld is refused in a sentence", "[ui][enrol]") {
  const UiFolder folder;
  const Stick stick;
  UiWorld world(folder);
  world.unlock();
  world.tap(word("ui:evening:settings"));
  world.tap(word("ui:enrol:colleague"));
  world.tap("ticket-h1");
  REQUIRE(world.wait_until([&] { return world.find(word("ui:key:done")) != nullptr; }));
  type_pin(world, "24682468", word("ui:key:done"));
  type_pin(world, "24682468", word("ui:contact:save"));
  REQUIRE(world.wait_until([&] { return world.sees(word("error:ticket_wrong")); }));
  CHECK_FALSE(world.screens().enrol().chosen());
  world.tap(word("ui:back"));
  CHECK(world.screen() == "settings");
}
