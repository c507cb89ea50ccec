// Every screen in both languages, in every size and text size, as a picture in the build folder; and what can be measured of
// it: nothing is clipped, what is touched is big enough, what is read stands out from its ground.
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>

#include "common/words/use.hpp"
#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

double linear(double part) { return part <= 0.04045 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4); }
double luminance(const QColor& color) { return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF()); }
// WCAG 2.1, "contrast ratio".
double contrast(const QColor& a, const QColor& b) {
  const double light = std::max(luminance(a), luminance(b)), dark = std::min(luminance(a), luminance(b));
  return (light + 0.05) / (dark + 0.05);
}

QColor ground_under(QQuickItem* item) {
  for (QQuickItem* each = item->parentItem(); each != nullptr; each = each->parentItem()) {
    const QColor color = each->property("color").value<QColor>();
    if (each->inherits("QQuickRectangle") && color.alpha() == 255) return color;
  }
  return Qt::black;
}

bool is_in_clipped_list(QQuickItem* item) {
  for (QQuickItem* each = item->parentItem(); each != nullptr; each = each->parentItem()) {
    if (each->clip()) return true;
  }
  return false;
}

void measure(UiWorld& world, double contrast_min) {
  const QRectF whole(0, 0, world.view().width(), world.view().height());
  const double touch = std::floor(9.0 * std::min(whole.width(), whole.height()) / 56);
  for (QQuickItem* item : world.items()) {
    const QRectF place = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
    if (item->inherits("QQuickText") && !item->property("text").toString().isEmpty()) {
      INFO("text: " << item->property("text").toString().toStdString());
      CHECK(item->property("contentWidth").toDouble() <= item->width() + 1);
      CHECK(item->property("contentHeight").toDouble() <= item->height() + 1);
      CHECK_FALSE(item->property("truncated").toBool());
      CHECK(place.left() >= -1);
      CHECK(place.right() <= whole.right() + 1);
      if (!is_in_clipped_list(item)) {
        CHECK(place.top() >= -1);
        CHECK(place.bottom() <= whole.bottom() + 1);
      }
      if (item->isEnabled()) CHECK(contrast(item->property("color").value<QColor>(), ground_under(item)) >= contrast_min);
    }
    const auto* kind = item->metaObject();
    const bool is_key = kind->indexOfSignal("pressed()") >= 0;  // of the screen's keyboard: a tenth of the width
    if (kind->indexOfProperty("says") < 0 || (!is_key && kind->indexOfSignal("clicked()") < 0)) continue;
    INFO("to touch: " << item->property("says").toString().toStdString());
    CHECK(item->height() >= touch);
    CHECK(item->width() >= (is_key ? std::floor(whole.width() / 10) : touch));
    CHECK_FALSE(item->property("says").toString().isEmpty());
    CHECK(place.left() >= -1);
    CHECK(place.right() <= whole.right() + 1);
  }
}

struct Look {
  Size size;
  int text = 0;
  bool night = false;
  const char* language = "nl";
};

}  // namespace

TEST_CASE("every screen in both languages, sizes and text sizes: nothing clipped, nothing too small or too faint", "[ui][pictures]") {
  const auto [width, height] = GENERATE(std::pair{480, 800}, std::pair{720, 1280}, std::pair{800, 480});
  const int text = GENERATE(0, 1, 2);
  const char* language = GENERATE("nl", "en");
  const bool night = text == 1;
  const UiFolder folder;
  UiWorld world(folder, {width, height});
  auto& preferences = *world.screens().app().preferences();
  preferences.setLanguage(language);
  preferences.setTextSize(text);
  preferences.setNight(night);
  const std::filesystem::path pictures = std::filesystem::path(LANTAARN_PICTURES) / (std::string(language) + "-" + std::to_string(width) + "x" +
                                         std::to_string(height) + "-" + std::to_string(text) + (night ? "-night" : ""));
  std::filesystem::create_directories(pictures);
  int number = 0;
  const auto shoot = [&](const char* name) {
    INFO(pictures.filename().string() << ", " << name);
    char file[64];
    std::snprintf(file, sizeof file, "%02d-%s.png", ++number, name);
    REQUIRE(world.picture().save(QString::fromStdString((pictures / file).string())));
    measure(world, night ? 4.5 : 7.0);
  };
  shoot("lock");
  world.unlock();
  shoot("evening-before");
  world.go("round");
  shoot("round");
  world.screens().evening().startRound({"zone", "loods"}, "Maaike");
  REQUIRE(world.wait_until([&] { return world.screens().evening().roundOpen(); }));
  world.screens().app().home();
  world.screens().app().dismissNotice();
  auto& contact = world.screens().contact();
  contact.begin();
  world.go("contact");
  shoot("contact-who");
  world.focus(word("ui:contact:search"));
  shoot("keyboard");
  world.unfocus();
  contact.chooseKnown("01000000636363636363636363636363", "Roos");
  shoot("contact");
  contact.setOutcome("spoken");
  contact.toggleTopic("housing");
  contact.setMinutes(5);
  contact.setNote("Wil graag mee naar de intake, maar pas volgende week.");
  contact.save();
  REQUIRE(world.wait_until([&] { return world.screens().evening().contacts().size() == 1; }));
  world.screens().app().home();
  shoot("saved");
  world.screens().app().dismissNotice();
  contact.begin();
  contact.chooseUnknown("rode jas");
  contact.saveSpoken();
  REQUIRE(world.wait_until([&] { return world.screens().evening().contacts().size() == 2; }));
  world.screens().app().dismissNotice();
  world.screens().evening().count(3);
  world.settle();
  shoot("evening");
  world.go("later");
  shoot("later");
  world.screens().app().home();
  world.go("tonight", world.screens().evening().contacts().last().toMap());
  shoot("tonight");
  world.screens().app().home();
  world.go("women");
  shoot("women");
  world.screens().woman().open("01000000636363636363636363636363");
  world.go("woman");
  REQUIRE(world.wait_until([&] { return !world.screens().woman().card().isEmpty(); }));
  shoot("woman");
  world.tap(word("ui:woman:consent"));
  REQUIRE(world.wait_until([&] { return world.find(word("code:consent_state:given")) != nullptr; }));
  world.tap(word("code:consent_state:given"));
  shoot("consent");
  world.tap(word("ui:back"));
  world.go("together");
  shoot("together");
  for (const char* screen : {"todo", "livingRoom", "hours", "earlier", "day", "danger", "settings", "enrol", "pin", "sync", "endRound"}) {
    world.screens().app().home();
    world.go(screen);
    shoot(screen);
  }
  world.screens().app().home();
  world.go("settings");
  for (QQuickItem* item : world.items()) {
    if (item->inherits("QQuickFlickable")) item->setProperty("contentY", std::max(0.0, item->property("contentHeight").toDouble() - item->height()));
  }
  shoot("settings-end");
  world.screens().app().home();
  world.go("sync");
  world.screens().sync().start();
  REQUIRE(world.wait_until([&] { return world.screens().sync().state() == "failed"; }, 15'000));
  shoot("sync-failed");
  world.screens().app().home();
  REQUIRE(world.wait_until([&] { return world.screens().evening().drafts().size() == 2; }));
  world.go("later");
  shoot("later-record");
  world.screens().app().home();
  for (const QVariant& each : world.screens().evening().drafts()) world.screens().evening().dropDraft(each.toMap().value("id").toString());
  REQUIRE(world.wait_until([&] { return world.screens().evening().drafts().isEmpty(); }));
  world.screens().evening().endRound();
  REQUIRE(world.wait_until([&] { return !world.screens().evening().roundOpen() && world.screens().evening().contacts().isEmpty(); }));
  world.screens().app().home();
  world.screens().app().dismissNotice();
  world.go("earlier");
  REQUIRE(world.wait_until([&] { return !world.screens().evening().earlier().isEmpty(); }));
  shoot("earlier-some");
  const QVariantMap earlier = world.screens().evening().earlier().first().toMap();
  world.go("tonight", earlier);
  shoot("earlier-one");
  contact.correct(earlier);
  world.go("contact");
  shoot("earlier-correct");
  words::use(words::Language::kDutch);
}

TEST_CASE("first use in both languages, sizes and text sizes: nothing clipped, nothing too small or too faint", "[ui][pictures]") {
  const auto [width, height] = GENERATE(std::pair{480, 800}, std::pair{720, 1280}, std::pair{800, 480});
  const int text = GENERATE(0, 2);
  const char* language = GENERATE("nl", "en");
  const TempFolder folder, stick;
  sync::Ticket ticket = TestHandheld().ticket();
  ticket.server_address.clear();
  write_file(stick.file("ticket-h1"), sync::write_ticket(ticket));
  qputenv("LANTAARN_TICKETS", QByteArray::fromStdString(stick.path().string()));
  UiWorld world(folder.file("new"), firmware::program_vault_options(), {width, height});
  world.screens().app().preferences()->setLanguage(language);
  world.screens().app().preferences()->setTextSize(text);
  const std::filesystem::path pictures = std::filesystem::path(LANTAARN_PICTURES) /
                                         (std::string(language) + "-" + std::to_string(width) + "x" + std::to_string(height) + "-" + std::to_string(text));
  std::filesystem::create_directories(pictures);
  const auto shoot = [&](const char* name) {
    INFO(pictures.filename().string() << ", " << name);
    REQUIRE(world.picture().save(QString::fromStdString((pictures / name).string())));
    measure(world, 7.0);
  };
  REQUIRE(world.wait_until([&] { return world.find("ticket-h1") != nullptr; }));
  shoot("90-enrol-ticket.png");
  world.tap("ticket-h1");
  REQUIRE(world.wait_until([&] { return world.screens().enrol().chosen(); }));
  shoot("91-enrol-who.png");
  world.screens().enrol().setUser("Noor");
  world.screens().enrol().setAddress("server.example:4040");
  shoot("92-enrol-ready.png");
  world.tap(word("ui:enrol:next"));
  shoot("93-enrol-pin.png");
  words::use(words::Language::kDutch);
  qunsetenv("LANTAARN_TICKETS");
}
