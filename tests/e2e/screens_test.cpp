// The screens with everything real: an evening by touch alone, synchronised with a real server; and the program itself,
// closed in and begun anew when it locks.
#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/e2e/memory_image.hpp"
#include "tests/e2e/town.hpp"
#include "tests/firmware_app/ui/ui_world.hpp"
#include "tests/support/skip.hpp"

using namespace lantaarn;
using namespace lantaarn::e2e;
using support::read_file;
using support::UiWorld;
using support::word;

namespace {

std::string pin_of(const Handheld& handheld, const std::string& user) {
  std::string pin = read_file(handheld.pin_file(user));
  pin.pop_back();
  return pin;
}

const json::object& contact_with(const json::array& contacts, const std::string& alias) {
  for (const auto& contact : contacts) {
    if (text_of(contact, "client_alias") == alias) return contact.as_object();
  }
  throw std::runtime_error("no contact with " + alias);
}

/// A display of its own, without a screen.
struct VirtualDisplay {
  static std::unique_ptr<VirtualDisplay> start() {
    if (!std::filesystem::exists("/usr/bin/Xvfb") || !std::filesystem::exists("/usr/bin/xdotool")) return nullptr;
    auto made = std::make_unique<VirtualDisplay>();
    made->server = std::make_unique<support::Process>("/usr/bin/Xvfb", std::vector<std::string>{"-displayfd", "1", "-screen", "0", "480x800x24", "-nolisten", "tcp"});
    const auto number = made->server->wait_for_line("");
    if (!number) return nullptr;
    made->name = ":" + *number;
    return made;
  }
  ~VirtualDisplay() {
    if (server) server->send_signal(SIGTERM);
  }
  void press(const std::vector<std::string>& keys) const {
    // No window manager gives the focus here.
    Words words{"search", "--sync", "--onlyvisible", "--name", "^Lantaarn$", "windowfocus", "--sync", "key", "--delay", "20"};
    words.insert(words.end(), keys.begin(), keys.end());
    REQUIRE(support::run("/usr/bin/xdotool", words, {.input = "", .env = {{"DISPLAY", name}}, .folder = ""}).exit_code == 0);
  }
  std::unique_ptr<support::Process> server;
  std::string name;
};

/// Her private key, as the vault opens it.
std::string key_of(const e2e::Handheld& handheld) {
  firmware::FileDeviceSecret secret(handheld.data() + "/device.secret");
  auto vault = firmware::Vault::open(handheld.data() + "/vault.db", secret, firmware::program_vault_options());
  REQUIRE(vault.ok());
  const std::string pin = pin_of(handheld, "Noor");
  const auto user = vault->unlock(*vault->find_user("Noor"), crypto::SecretBytes(as_bytes(pin)), SystemClock().now());
  REQUIRE(user.ok());
  return to_string(user->box.private_key().view());
}

}  // namespace

TEST_CASE("a whole evening by touch alone stands in the registry as it was touched", "[e2e][ui]") {
  Town town;
  for (const char* name : {"Roos", "Iris", "Lotte"}) town.add_woman(name);
  e2e::Handheld& handheld = town.add_handheld("h1", {"Noor"});
  UiWorld world(handheld.data(), firmware::program_vault_options());
  auto& evening = world.screens().evening();
  const auto contacts_are = [&](int count) {
    REQUIRE(world.wait_until([&] { return evening.contacts().size() == count && world.screen() == "evening"; }));
    world.screens().app().dismissNotice();
    world.settle();
  };
  world.unlock(pin_of(handheld, "Noor"), 0);
  CHECK(world.sees(word("ui:lease_until", {""}).trimmed()));

  world.tap(word("ui:evening:start_round"));
  world.tap(word("code:place:loods"));
  world.type(word("ui:round:colleagues"), "Fatma");
  world.tap(word("ui:evening:start_round"));
  REQUIRE(world.wait_until([&] { return evening.roundOpen(); }));
  for (int i = 0; i < 3; ++i) world.tap(word("ui:evening:more"));

  world.tap(word("ui:evening:new_contact"));  // the usual five
  world.tap("Roos");
  world.tap(word("code:outcome:spoken"));
  world.tap(word("code:topic:housing"));
  world.tap("15");
  world.tap(word("ui:contact:save"));
  contacts_are(1);
  world.tap(word("ui:evening:new_contact"));  // the least
  world.tap("Iris");
  world.tap(word("ui:contact:spoken"));
  contacts_are(2);
  world.tap(word("ui:evening:new_contact"));  // a mistake
  world.tap("Lotte");
  world.tap(word("code:outcome:seen"));
  world.tap(word("ui:contact:save"));
  REQUIRE(world.wait_until([&] { return evening.contacts().size() == 3; }));
  world.tap(word("ui:undo", {std::to_string(world.screens().contact().undoSeconds())}));
  REQUIRE(world.wait_until([&] { return evening.contacts().front().toMap().value("retracted").toBool(); }));
  contacts_are(3);
  world.tap(word("ui:evening:later", {"1"}));
  world.tap(evening.contacts().at(1).toMap().value("time").toString() + "  Iris");
  world.tap(word("code:topic:money"));
  world.tap(word("ui:contact:save"));
  REQUIRE(world.wait_until([&] { return evening.drafts().isEmpty(); }));
  contacts_are(3);
  world.tap(word("ui:evening:end_round"));
  world.tap(word("ui:evening:end_round"));
  REQUIRE(world.wait_until([&] { return !evening.roundOpen() && world.screen() == "evening"; }));
  CHECK(evening.contacts().isEmpty());
  CHECK(world.sees(word("ui:standing:waits")));

  world.screens().app().dismissNotice();
  world.tap(word("ui:evening:sync"));
  world.tap("startSync");
  REQUIRE(world.wait_until([&] { return world.screens().sync().state() != "running"; }, 20'000));
  INFO(world.screens().sync().trouble().toStdString());
  REQUIRE(world.screens().sync().state() == "done");
  CHECK(world.sees(word("ui:sync:done")));

  REQUIRE(world.wait_until([&] { return town.contacts().size() == 3; }, 20'000));
  const auto contacts = town.contacts();
  const auto& roos = contact_with(contacts, "Roos");
  CHECK(text_of(roos, "outcome") == "spoken");
  CHECK(number_of(roos, "minutes") == 15);
  CHECK(roos.at("topics").as_array().size() == 1);
  CHECK(text_of(roos, "place") == "zone");
  const auto& iris = contact_with(contacts, "Iris");
  CHECK(iris.at("topics").as_array().size() == 1);
  CHECK(iris.at("amended").as_bool());
  CHECK(contact_with(contacts, "Lotte").at("retracted").as_bool());
}

TEST_CASE("the program of the screens, on a display: closed in, her key there while she works, nowhere once it is hidden", "[e2e][ui]") {
  Town town;
  e2e::Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const std::string pin = pin_of(handheld, "Noor"), key = key_of(handheld);
  const auto display = VirtualDisplay::start();
  if (!display || !can_read_memory()) LANTAARN_SKIP("no virtual display here (Xvfb, xdotool)");
  support::Process screens(support::program_path("lantaarn"), {"--data", handheld.data(), "ui"},
                           {.input = "", .env = {{"DISPLAY", display->name}, {"QT_QPA_PLATFORM", "xcb"}, {"XDG_RUNTIME_DIR", town.folder().path().string()}}, .folder = ""});
  REQUIRE(screens.wait_for_line("ready"));
  const std::string process = "/proc/" + std::to_string(screens.pid());
  CHECK(std::filesystem::read_symlink(process + "/exe").filename() == "lantaarn-ui");
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  const std::string status = read_file(process + "/status");
  CHECK(status.find("Seccomp:\t2") != std::string::npos);
  CHECK(status.find("NoNewPrivs:\t1") != std::string::npos);
#endif
  std::vector<std::string> keys;
  for (const char digit : pin) keys.emplace_back(1, digit);
  keys.emplace_back("Return");
  display->press(keys);
  REQUIRE(screens.wait_for_line("open"));
  CHECK(MemoryImage(screens.pid()).holds(key));
  display->press({"Escape"});
  REQUIRE(screens.wait_for_line("locked"));
  const MemoryImage locked(screens.pid());
  CHECK_FALSE(locked.holds(key));
  CHECK_FALSE(locked.holds(pin));
  screens.send_signal(SIGTERM);
}
