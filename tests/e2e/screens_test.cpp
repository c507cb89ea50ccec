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

/// A handheld that is only ever touched.
struct ByTouch {
  explicit ByTouch(std::string folder) : folder_(std::move(folder)) { start(); }
  void start() {
    world.reset();
    world = std::make_unique<UiWorld>(folder_, firmware::program_vault_options());
  }
  void type_pin(const std::string& pin, const QString& action) const {
    for (const char digit : pin) world->tap(QString(QChar(digit)));
    world->tap(action);
  }
  void choose_ticket(const std::string& pin) const {
    world->tap("ticket");
    REQUIRE(world->wait_until([&] { return world->find(word("ui:key:done")) != nullptr; }));
    type_pin(pin, word("ui:key:done"));
    type_pin(pin, word("ui:contact:save"));
  }
  /// From the stick to the lock screen.
  void enrol(const support::TempFolder& stick, const std::string& ticket, const std::string& pin) const {
    REQUIRE(world->screen() == "enrol");
    std::filesystem::copy_file(ticket, stick.file("ticket"), std::filesystem::copy_options::overwrite_existing);
    world->tap(word("ui:enrol:look_again"));
    choose_ticket(pin);
    const bool enrolled = world->wait_until([&] { return world->screens().lock().ready(); }, 30'000);
    INFO(world->screens().enrol().message().toStdString());
    REQUIRE(enrolled);
    CHECK(world->screen() == "lock");
  }
  void try_ticket(const std::string& pin) const {
    choose_ticket(pin);
    REQUIRE(world->wait_until([&] { return !world->screens().enrol().message().isEmpty(); }, 30'000));
  }
  void add_colleague(const support::TempFolder& stick, const std::string& ticket, const std::string& pin) const {
    std::filesystem::copy_file(ticket, stick.file("ticket"), std::filesystem::copy_options::overwrite_existing);
    world->tap(word("ui:evening:settings"));
    world->tap(word("ui:enrol:colleague"));
    choose_ticket(pin);
    const bool locked = world->wait_until([&] { return world->locked(); }, 30'000);
    INFO(world->screens().enrol().message().toStdString());
    REQUIRE(locked);
  }
  void start_round() const {
    world->tap(word("ui:evening:start_round"));
    world->tap(word("code:place:loods"));
    world->type(word("ui:round:colleagues"), "Fatma");
    world->tap(word("ui:evening:start_round"));
    REQUIRE(world->wait_until([&] { return world->screens().evening().roundOpen() && world->screen() == "evening"; }));
    world->screens().app().dismissNotice();
  }
  void contact(const QString& who, const std::vector<QString>& taps, bool dismiss = true) const {
    const auto before = world->screens().evening().contacts().size();
    world->tap(word("ui:evening:new_contact"));
    world->tap(who);
    for (const QString& each : taps) world->tap(each);
    REQUIRE(world->wait_until([&] { return world->screens().evening().contacts().size() == before + 1 && world->screen() == "evening"; }));
    if (dismiss) world->screens().contact().dismissUndo();
    world->settle();
  }
  void end_round() const {
    world->screens().app().dismissNotice();
    world->tap(word("ui:evening:end_round"));
    world->tap(word("ui:evening:end_round"));
    REQUIRE(world->wait_until([&] { return !world->screens().evening().roundOpen() && world->screen() == "evening"; }));
    REQUIRE(world->wait_until([&] { return world->screens().evening().contacts().isEmpty(); }));
    world->screens().app().dismissNotice();
  }
  void sync() const {
    world->screens().app().dismissNotice();
    world->tap(word("ui:evening:sync"));
    world->tap("startSync");
    REQUIRE(world->wait_until([&] { return world->screens().sync().state() != "running" && world->screens().sync().state() != "idle"; }, 30'000));
    INFO(world->screens().sync().trouble().toStdString());
    REQUIRE(world->screens().sync().state() == "done");
    CHECK(world->sees(word("ui:sync:done")));
    world->tap(word("ui:back"));
    world->settle();
  }
  std::unique_ptr<UiWorld> world;

 private:
  std::string folder_;
};

}  // namespace

TEST_CASE("the whole evening by touch alone, from the ticket to the next day's correction, stands in the registry as it was touched", "[e2e][ui]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Lotte");
  (void)town.ask_as_coordinator({"client", "add", "Ilona", "--primary", "Maaike", "--second", "Noor"});
  const support::TempFolder stick;
  qputenv("LANTAARN_TICKETS", QByteArray::fromStdString(stick.path().string()));

  {
    ByTouch noor(town.folder().file("h1"));
    noor.enrol(stick, town.ticket_for("h1", {"Noor"}), "24681357");
    noor.world->unlock("24681357", 0);
    noor.sync();
    auto& world = *noor.world;
    auto& evening = world.screens().evening();
    CHECK(world.sees(word("ui:lease_until", {""}).trimmed()));
    noor.start_round();
    for (int i = 0; i < 3; ++i) world.tap(word("ui:evening:more"));
    noor.contact("Roos", {word("code:outcome:spoken"), word("code:topic:housing"), "15", word("ui:contact:save")});  // the usual five
    noor.contact("Ilona", {word("ui:contact:spoken")});                                                            // the least
    noor.contact(word("ui:contact:unknown"), {word("code:outcome:spoken"), word("ui:contact:save")});
    // A mistake, undone at once.
    noor.contact("Lotte", {word("code:outcome:seen"), word("ui:contact:save")}, false);
    world.tap(word("ui:undo", {std::to_string(world.screens().contact().undoSeconds())}));
    REQUIRE(world.wait_until([&] { return evening.contacts().front().toMap().value("retracted").toBool(); }));
    world.screens().app().dismissNotice();
    // What was left for later is completed.
    world.tap(word("ui:evening:later", {"1"}));
    world.tap(evening.contacts().at(2).toMap().value("time").toString() + "  Ilona");
    world.tap(word("code:topic:money"));
    world.tap(word("ui:contact:save"));
    REQUIRE(world.wait_until([&] { return evening.drafts().isEmpty() && world.screen() == "evening"; }));
    world.screens().app().dismissNotice();
    // A correction the same night.
    world.tap(word("ui:evening:all_contacts", {"4"}));
    world.tap(evening.contacts().at(3).toMap().value("time").toString() + "  Roos");
    world.tap(word("ui:contact:correct"));
    world.tap(word("code:place:loods"));
    world.type(word("ui:contact:reason"), "het was in de loods");
    world.tap(word("ui:contact:save"));
    REQUIRE(world.wait_until([&] { return world.screen() == "evening"; }));
    noor.end_round();
    CHECK(world.sees(word("ui:standing:waits")));
    noor.sync();
  }
  {
    // Two case managers saw the same woman; and a colleague gets a PIN of her own on this handheld.
    ByTouch maaike(town.folder().file("h2"));
    maaike.enrol(stick, town.ticket_for("h2", {"Maaike"}), "13572468");
    maaike.world->unlock("13572468", 0);
    maaike.sync();
    maaike.start_round();
    maaike.contact("Ilona", {word("code:outcome:spoken"), word("code:place:huiskamer"), word("ui:contact:save")});
    maaike.end_round();
    maaike.sync();
    maaike.add_colleague(stick, town.further_ticket("h2", "Noor"), "86427531");
    maaike.start();
    CHECK(maaike.world->screens().lock().users() == 2);
    maaike.world->unlock("86427531", 1);
  }
  {
    // The next day, with nothing of it readable any more.
    ByTouch noor(town.folder().file("h1"));
    auto& world = *noor.world;
    world.unlock("24681357", 0);
    CHECK(world.screens().evening().contacts().isEmpty());
    world.tap(word("ui:earlier:title"));
    REQUIRE(world.wait_until([&] { return world.screens().evening().earlier().size() == 4; }));
    world.tap("Roos");
    world.tap(word("ui:contact:correct"));
    world.tap("30");
    world.type(word("ui:contact:reason"), "het gesprek duurde langer");
    world.tap(word("ui:contact:save"));
    REQUIRE(world.wait_until([&] { return world.screen() == "evening"; }));
    noor.sync();
  }
  {
    // A ticket is used once, and that is said.
    ByTouch third(town.folder().file("h3"));
    third.try_ticket("24681357");
    CHECK(third.world->sees(word("error:ticket_used")));
  }
  qunsetenv("LANTAARN_TICKETS");

  const auto contacts = town.contacts();
  REQUIRE(contacts.size() == 5);
  const auto& roos = contact_with(contacts, "Roos");
  CHECK(text_of(roos, "outcome") == "spoken");
  CHECK(number_of(roos, "minutes") == 30);
  CHECK(text_of(roos, "place") == "loods");
  CHECK(roos.at("topics").as_array().size() == 1);
  CHECK(roos.at("amended").as_bool());
  CHECK(contact_with(contacts, "Lotte").at("retracted").as_bool());
  int of_ilona = 0, unknown = 0;
  for (const auto& contact : contacts) {
    of_ilona += text_of(contact, "client_alias") == "Ilona" ? 1 : 0;
    unknown += text_of(contact, "client_id") == "null" ? 1 : 0;
  }
  CHECK(of_ilona == 2);
  CHECK(unknown == 1);
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
