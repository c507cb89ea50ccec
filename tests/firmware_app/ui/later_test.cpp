// What waits, what is corrected later, and what happens when she is interrupted.
#include <QtTest/QTest>
#include <catch2/catch.hpp>
#include <future>

#include "common/base/civil_time.hpp"
#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

/// A board whose battery was empty.
class EmptyBattery final : public Clock {
 public:
  [[nodiscard]] ClockReading now() const override {
    ClockReading reading = SystemClock().now();
    reading.wall_ms = 3'600'000;
    reading.status = ClockStatus::kDoubtful;
    return reading;
  }
};

struct AtWork {
  UiFolder folder;
  std::unique_ptr<UiWorld> world;
  AtWork() { start(); }
  void start(std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>()) {
    world.reset();
    world = std::make_unique<UiWorld>(folder, Size{}, std::move(clock));
    world->unlock();
  }
  [[nodiscard]] firmware::ui::EveningModel& evening() { return world->screens().evening(); }
  [[nodiscard]] std::vector<firmware::RecordView> records() {
    std::vector<firmware::RecordView> found;
    world->screens().office().ask([](firmware::ui::Hand& hand) -> Result<firmware::RecordList> { return hand.session->capture().records(); },
                                  [&](const Result<firmware::RecordList>& all) {
                                    REQUIRE(all.ok());
                                    found = all->records;
                                  });
    world->settle();
    return found;
  }
  void open_roos() {
    world->tap(word("ui:evening:women"));
    world->tap("Roos");
    REQUIRE(world->wait_until([&] { return !world->screens().woman().card().isEmpty(); }));
  }
  void log_roos() {
    world->tap(word("ui:evening:new_contact"));
    world->tap("Roos");
    world->tap(word("code:outcome:spoken"));
    world->tap(word("ui:contact:save"));
    REQUIRE(world->wait_until([&] { return evening().contacts().size() == 1 && world->screen() == "evening"; }));
    world->screens().contact().dismissUndo();
  }
};

}  // namespace

TEST_CASE_METHOD(AtWork, "a record half filled in waits through a power cut, and is saved from there once", "[ui][later]") {
  open_roos();
  world->tap(word("ui:woman:budget"));
  world->tap(word("code:budget_item:clothing"));
  world->type(word("ui:record:euros"), "12,50");
  world->type(word("ui:record:note"), "nieuwe sleutel");
  REQUIRE(world->wait_until([&] {
    evening().reload();
    return evening().drafts().size() == 1;
  }));
  start();
  REQUIRE(evening().drafts().size() == 1);
  world->tap(word("ui:evening:later", {"1"}));
  world->tap(evening().drafts().front().toMap().value("time").toString() + "  " + word("ui:woman:budget"));
  REQUIRE(world->wait_until([&] { return world->screens().record().values().value("cents") == "12,50"; }));
  CHECK(records().empty());
  world->tap("saveRecord");
  REQUIRE(world->wait_until([&] { return evening().drafts().isEmpty(); }));
  REQUIRE(records().size() == 1);
  CHECK(records().front().value("cents") == "1250");
  CHECK(records().front().value("text") == "nieuwe sleutel");
}

TEST_CASE_METHOD(AtWork, "one key in the middle of a record hides it, and what was typed waits", "[ui][later]") {
  open_roos();
  world->tap(word("ui:woman:bottleneck"));
  world->type(word("ui:record:bottleneck"), "geen plek");
  world->press(Qt::Key_Escape);
  CHECK_FALSE(world->sees("geen plek"));
  REQUIRE(world->wait_until([&] { return world->locked(); }));
  start();
  REQUIRE(evening().drafts().size() == 1);
  CHECK(evening().drafts().front().toMap().value("form") == "bottleneck");
}

TEST_CASE_METHOD(AtWork, "a contact that can no longer be read is corrected by name and time, and says what cannot be shown", "[ui][later]") {
  world->screens().evening().startRound({"zone"}, "");
  REQUIRE(world->wait_until([&] { return evening().roundOpen(); }));
  log_roos();
  world->tap(word("ui:evening:end_round"));
  world->tap(word("ui:evening:end_round"));
  REQUIRE(world->wait_until([&] { return !evening().roundOpen() && evening().contacts().isEmpty() && world->screen() == "evening"; }));
  start();
  world->tap(word("ui:earlier:title"));
  REQUIRE(world->wait_until([&] { return evening().earlier().size() == 1; }));
  CHECK_FALSE(evening().earlier().front().toMap().value("time").toString().isEmpty());
  world->tap("Roos");
  CHECK(world->sees(word("ui:earlier:unreadable")));
  world->tap(word("ui:contact:correct"));
  CHECK(world->sees(word("ui:earlier:form")));
  CHECK(world->screens().contact().outcome().isEmpty());
  world->tap("15");
  world->type(word("ui:contact:reason"), "het duurde langer");
  world->tap("save");
  REQUIRE(world->wait_until([&] { return world->screen() == "evening"; }));
  world->tap(word("ui:earlier:title"));
  CHECK(world->wait_until([&] { return evening().earlier().size() == 1 && evening().earlier().front().toMap().value("amended").toBool(); }));
  world->tap("Roos");
  world->tap(word("ui:tonight:take_back"));
  world->type(word("ui:contact:reason"), "het was iemand anders");
  world->tap(word("ui:tonight:take_back"));
  REQUIRE(world->wait_until([&] { return world->screen() == "evening"; }));
  world->tap(word("ui:earlier:title"));
  CHECK(world->wait_until([&] { return evening().earlier().front().toMap().value("retracted").toBool(); }));
}

TEST_CASE_METHOD(AtWork, "a clock that says 1970: no day is guessed, she says which it is, and then a follow-up and a record have it", "[ui][later]") {
  start(std::make_shared<EmptyBattery>());
  CHECK_FALSE(evening().dayKnown());
  world->tap(word("ui:evening:new_contact"));
  world->tap("Roos");
  world->tap(word("code:outcome:spoken"));
  world->tap(word("ui:tomorrow"));
  REQUIRE(world->screens().app().noticeIsTrouble());
  CHECK(world->sees(word("error:day_unknown")));
  CHECK(world->screens().contact().followUp().isEmpty());
  world->screens().app().dismissNotice();
  // A record asks for it too, and nothing that was typed is lost over it.
  world->screens().record().add("bottleneck", "", {{"since", "today"}, {"what", "other"}, {"text", "geen plek"}});
  REQUIRE(world->wait_until([&] { return world->screens().app().noticeIsTrouble(); }));
  CHECK(world->screens().app().notice() == word("error:day_unknown"));
  world->screens().app().dismissNotice();

  world->tap(word("ui:day:which"));
  const CivilDate begun = *parse_date(evening().lastDay().toStdString());
  world->tap("+ " + word("ui:contact:day_later"));
  world->tap(word("ui:day:this"));
  REQUIRE(world->wait_until([&] { return evening().dayKnown() && world->screen() == "contact"; }));
  world->tap(word("ui:tomorrow"));
  CHECK(world->screens().contact().followUp().toStdString() == to_string(add_days(begun, 2)));
  world->type(word("ui:contact:follow_up_text"), "Brief brengen");
  world->tap(word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return evening().followUps().size() == 2; }));
  world->screens().record().add("bottleneck", "", {{"since", "today"}, {"what", "other"}, {"text", "geen plek"}});
  const auto kept = records();
  REQUIRE(kept.size() == 1);
  CHECK(kept.front().value("since") == to_string(add_days(begun, 1)));
}

TEST_CASE_METHOD(AtWork, "another window in front covers everything, and coming back shows it again", "[ui][later]") {
  world->tap(word("ui:evening:new_contact"));
  world->tap("Roos");
  const auto all_black = [&] {
    const QImage now = world->picture();
    for (int y = 0; y < now.height(); y += 7) {
      for (int x = 0; x < now.width(); x += 7) {
        if (now.pixelColor(x, y) != QColor(Qt::black)) return false;
      }
    }
    return true;
  };
  emit qGuiApp->applicationStateChanged(Qt::ApplicationActive);
  CHECK_FALSE(all_black());
  for (const auto state : {Qt::ApplicationInactive, Qt::ApplicationHidden, Qt::ApplicationSuspended}) {
    emit qGuiApp->applicationStateChanged(state);
    CHECK(world->screens().app().covered());
    CHECK(all_black());
    emit qGuiApp->applicationStateChanged(Qt::ApplicationActive);
    CHECK_FALSE(all_black());
  }
  CHECK(world->screen() == "contact");
  CHECK(world->screens().contact().whoText() == "Roos");
  CHECK_FALSE(world->locked());
}

TEST_CASE_METHOD(AtWork, "a save that waits behind a sync is saved when she hides it at once", "[ui][later]") {
  std::promise<void> under_way, cut;
  auto& office = world->screens().office();
  office.ask(
      [&](firmware::ui::Hand&) -> Result<bool> {
        const firmware::ui::Office::Interruptible interruptible(office);
        under_way.set_value();
        cut.get_future().wait();
        return true;
      },
      [](const Result<bool>&) {});
  under_way.get_future().wait();
  auto& contact = world->screens().contact();
  contact.begin();
  contact.chooseUnknown("rode jas");
  contact.setOutcome("spoken");
  contact.save();
  // The connection goes while it is hidden already.
  QObject::connect(&world->screens().app(), &firmware::ui::App::hiddenChanged, [&] { cut.set_value(); });
  world->press(Qt::Key_VolumeDown);
  REQUIRE(world->wait_until([&] { return world->locked(); }));
  start();
  REQUIRE(evening().contacts().size() == 1);
  CHECK(evening().contacts().front().toMap().value("who") == "rode jas");
}

TEST_CASE_METHOD(AtWork, "one change is read once for all screens, and many in a row not many times", "[ui][later]") {
  auto& refresh = world->screens().refresh();
  world->settle();
  int before = refresh.readings();
  log_roos();
  world->settle();
  CHECK(refresh.readings() == before + 1);
  evening().startRound({"zone"}, "");
  REQUIRE(world->wait_until([&] { return evening().roundOpen(); }));
  world->settle();
  before = refresh.readings();
  for (int i = 0; i < 20; ++i) evening().count(1);
  REQUIRE(world->wait_until([&] { return evening().heads() == 20; }));
  world->settle();
  CHECK(refresh.readings() <= before + 3);
}

TEST_CASE("on its side, with the keyboard up, the field and two names stand above it", "[ui][later]") {
  const UiFolder folder;
  UiWorld world(folder, {800, 480});
  const int text = GENERATE(0, 2);
  world.screens().app().preferences()->setTextSize(text);
  world.unlock();
  for (const char* screen : {"contact", "women"}) {
    world.screens().app().home();
    world.screens().contact().begin();
    world.go(screen);
    world.focus(word("ui:contact:search"));
    double keyboard = 480;
    QRectF field;
    int rows = 0;
    for (QQuickItem* item : world.items()) {
      const QRectF place = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
      if (item->metaObject()->indexOfSignal("pressed()") >= 0) keyboard = std::min(keyboard, place.top());
      if (item->inherits("QQuickTextEdit")) field = place;
    }
    for (QQuickItem* item : world.items()) {
      const QRectF place = item->mapRectToScene(QRectF(0, 0, item->width(), item->height()));
      const bool is_name = item->metaObject()->indexOfProperty("otherNames") >= 0;
      if (is_name && place.top() >= 0 && place.bottom() <= keyboard + 1) ++rows;
    }
    INFO(screen << ", text " << text << ", keyboard from " << keyboard);
    CHECK(field.bottom() <= keyboard);
    CHECK(field.top() >= 0);
    CHECK(rows >= 2);
  }
}
