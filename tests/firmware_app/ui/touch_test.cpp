// What a thumb does on an evening, and what is there afterwards.
#include <catch2/catch.hpp>

#include <QTimer>
#include <QtTest/QTest>

#include "common/base/civil_time.hpp"
#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

struct Evening {
  UiFolder folder;
  std::unique_ptr<UiWorld> world;
  Evening() { start(); }
  void start() {
    world.reset();
    world = std::make_unique<UiWorld>(folder);
    world->unlock();
  }
  void start_round() {
    world->tap(word("ui:evening:start_round"));
    world->tap(word("ui:evening:start_round"));
    REQUIRE(world->wait_until([&] { return model().roundOpen() && world->screen() == "evening"; }));
  }
  [[nodiscard]] firmware::ui::EveningModel& model() { return world->screens().evening(); }
  [[nodiscard]] QVariantMap contact(int index = 0) { return model().contacts().at(index).toMap(); }
  void new_contact_with(const QString& who) {
    world->tap(word("ui:evening:new_contact"));
    world->tap(who);
  }
  void wait_for_contacts(int count) {
    REQUIRE(world->wait_until([&] { return model().contacts().size() == count; }));
    world->settle();
  }
};

}  // namespace

TEST_CASE_METHOD(Evening, "two taps are enough: who, and that she was spoken to", "[ui]") {
  start_round();
  world->tap(word("ui:evening:new_contact"));
  world->reset_taps();
  world->tap("Roos");
  world->tap(word("ui:contact:spoken"));
  CHECK(world->taps() == 2);
  wait_for_contacts(1);
  CHECK(contact().value("who") == "Roos");
  CHECK(contact().value("outcome") == "spoken");
  CHECK(contact().value("channel") == "in_person");
  CHECK(contact().value("place") == "zone");
  REQUIRE(model().drafts().size() == 1);

  // Later it is completed, and waits no longer.
  world->screens().app().dismissNotice();
  world->tap(word("ui:evening:later", {"1"}));
  world->tap(contact().value("time").toString() + "  Roos");
  world->tap(word("code:topic:housing"));
  world->tap(word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return model().drafts().isEmpty(); }));
  CHECK(contact().value("topics") == "housing");
  CHECK(contact().value("amended").toBool());
}

TEST_CASE_METHOD(Evening, "five taps are the usual contact: who, how it went, about what, how long, save", "[ui]") {
  start_round();
  world->tap(word("ui:evening:new_contact"));
  world->reset_taps();
  world->tap("Iris");
  world->tap(word("code:outcome:seen"));
  world->tap(word("code:topic:money"));
  world->tap("10");
  world->tap(word("ui:contact:save"));
  CHECK(world->taps() == 5);
  wait_for_contacts(1);
  CHECK(contact().value("outcome") == "seen");
  CHECK(contact().value("topics") == "money");
  CHECK(contact().value("minutes") == "10");
  CHECK(model().drafts().isEmpty());
  CHECK(world->sees(word("ui:saved")));
}

TEST_CASE_METHOD(Evening, "what was just saved can be undone: it stays, taken back", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(1);
  REQUIRE(world->screens().contact().canUndo());
  world->tap(word("ui:undo", {std::to_string(world->screens().contact().undoSeconds())}));
  REQUIRE(world->wait_until([&] { return contact().value("retracted").toBool(); }));
  CHECK(model().contacts().size() == 1);
  CHECK(model().drafts().isEmpty());
  CHECK_FALSE(world->screens().contact().canUndo());
}

TEST_CASE_METHOD(Evening, "a contact is corrected with a reason, and not without one", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("code:outcome:spoken"));
  world->tap(word("ui:contact:save"));
  wait_for_contacts(1);
  world->screens().app().dismissNotice();
  world->tap(contact().value("time").toString() + "  Roos");
  world->tap(word("ui:contact:correct"));
  world->tap(word("code:outcome:declined"));
  REQUIRE(world->find("save") != nullptr);
  CHECK_FALSE(world->find("save")->isEnabled());
  world->type(word("ui:contact:reason"), "ze liep door");
  world->tap("save");
  REQUIRE(world->wait_until([&] { return contact().value("outcome") == "declined"; }));
  CHECK(contact().value("amended").toBool());
}

TEST_CASE_METHOD(Evening, "somebody unknown, and somebody new by the screen's own keyboard", "[ui]") {
  start_round();
  new_contact_with(word("ui:contact:unknown"));
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(1);
  CHECK(contact().value("who") == word("label:unknown_person"));
  world->screens().app().dismissNotice();

  world->tap(word("ui:evening:new_contact"));
  world->focus(word("ui:contact:search"));
  for (const char* key : {"⇧", "F", "l", "o", "r", "a"}) world->tap(key);
  world->tap(word("ui:contact:new", {"Flora"}));
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(2);
  CHECK(contact().value("who") == "Flora");
  REQUIRE(world->wait_until([&] { return world->screens().people().total() == 6; }));
}

TEST_CASE_METHOD(Evening, "names are found as they are typed, whatever the script", "[ui]") {
  world->tap(word("ui:evening:new_contact"));
  world->type(word("ui:contact:search"), "ирин");
  CHECK(world->wait_until([&] { return world->screens().people().rowCount() == 1; }));
  CHECK(world->find("Iris") != nullptr);
  world->type(word("ui:contact:search"), "LÓT");
  CHECK(world->wait_until([&] { return world->find("Lotte") != nullptr; }));
}

TEST_CASE_METHOD(Evening, "who has something to do today comes first", "[ui]") {
  const auto& people = world->screens().people();
  CHECK(people.data(people.index(0), firmware::ui::PeopleModel::kName) == "Roos");
  CHECK(people.data(people.index(0), firmware::ui::PeopleModel::kDue) == true);
  CHECK(people.data(people.index(1), firmware::ui::PeopleModel::kName) == "Fleur");
}

TEST_CASE_METHOD(Evening, "one key hides everything at once, then the program begins anew, and what was typed waits", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("code:outcome:declined"));
  world->press(Qt::Key_VolumeDown);
  CHECK(world->screens().app().hidden());
  CHECK_FALSE(world->sees("Roos"));
  REQUIRE(world->wait_until([&] { return world->locked(); }));
  start();
  REQUIRE(model().drafts().size() == 1);
  CHECK(model().drafts().front().toMap().value("contact").toString().isEmpty());
}

TEST_CASE_METHOD(Evening, "the heading pulled down hides too", "[ui]") {
  QTest::mousePress(&world->view(), Qt::LeftButton, {}, QPoint(240, 20));
  for (int y = 20; y < 260; y += 20) QTest::mouseMove(&world->view(), QPoint(240, y));
  QTest::mouseRelease(&world->view(), Qt::LeftButton, {}, QPoint(240, 260));
  CHECK(world->wait_until([&] { return world->locked(); }));
}

TEST_CASE_METHOD(Evening, "nobody there for a while: it locks by itself", "[ui]") {
  auto* idle = world->screens().app().findChild<QTimer*>("idle");
  REQUIRE(idle != nullptr);
  CHECK(idle->isActive());
  CHECK(idle->interval() == 60'000);
  idle->start(1);
  CHECK(world->wait_until([&] { return world->locked(); }));
}

TEST_CASE_METHOD(Evening, "the power goes while a contact is half filled in: it waits under later", "[ui]") {
  start_round();
  new_contact_with("Lotte");
  world->tap(word("code:topic:safety_violence"));
  world->type(word("ui:contact:note"), "belt morgen terug");
  // As much as a power cut leaves time for: what was kept while she typed.
  REQUIRE(world->wait_until([&] {
    model().reload();
    return model().drafts().size() == 1;
  }));
  start();
  REQUIRE(model().drafts().size() == 1);
  world->tap(word("ui:evening:later", {"1"}));
  world->tap(model().drafts().front().toMap().value("time").toString() + "  Lotte");
  REQUIRE(world->wait_until([&] { return world->screens().contact().hasWho(); }));
  CHECK(world->screens().contact().topics() == QStringList{"safety_violence"});
  world->tap(word("code:outcome:spoken"));
  world->tap(word("ui:contact:save"));
  wait_for_contacts(1);
  CHECK(model().drafts().isEmpty());
}

TEST_CASE_METHOD(Evening, "what is typed while a saved contact is completed waits too", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(1);
  const QString row = contact().value("time").toString() + "  Roos";
  world->tap(word("ui:evening:later", {"1"}));
  world->tap(row);
  world->type(word("ui:contact:note"), "wil vrijdag bellen");
  world->press(Qt::Key_Escape);
  REQUIRE(world->wait_until([&] { return world->locked(); }));
  start();
  REQUIRE(model().drafts().size() == 1);
  world->tap(word("ui:evening:later", {"1"}));
  world->tap(row);
  REQUIRE(world->wait_until([&] { return world->screens().contact().note() == "wil vrijdag bellen"; }));
  CHECK(world->screens().contact().correcting());
  world->tap(word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return model().drafts().isEmpty(); }));
  CHECK(model().contacts().size() == 1);
  CHECK(contact().value("note") == "wil vrijdag bellen");
}

TEST_CASE_METHOD(Evening, "a text that begins like a day stays a text", "[ui]") {
  world->screens().record().add("bottleneck", "", {{"since", "today"}, {"what", "other"}, {"text", "in de nachtopvang is geen plek"}});
  world->settle();
  std::string text, since;
  world->screens().office().ask(
      [](firmware::ui::Hand& hand) -> Result<firmware::RecordList> { return hand.session->capture().records(); },
      [&](const Result<firmware::RecordList>& all) {
        REQUIRE(all->records.size() == 1);
        text = all->records.front().value("text");
        since = all->records.front().value("since");
      });
  world->settle();
  CHECK(text == "in de nachtopvang is geen plek");
  CHECK(since == to_string(date_in_amsterdam(SystemClock().now().wall_ms)));
}

TEST_CASE_METHOD(Evening, "leaving drafts as they are throws away nothing that was typed", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(1);
  new_contact_with("Iris");
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(2);
  world->screens().contact().dismissUndo();
  world->tap(word("ui:evening:later", {"2"}));
  world->tap(contact(1).value("time").toString() + "  Roos");
  world->type(word("ui:contact:note"), "nog af te maken");
  world->tap(word("ui:back"));
  world->settle();
  model().leaveDrafts();
  world->settle();
  REQUIRE(model().drafts().size() == 1);
  CHECK(model().drafts().front().toMap().value("typed").toBool());
}

TEST_CASE_METHOD(Evening, "two touches in a row save once", "[ui]") {
  auto& record = world->screens().record();
  int saved = 0;
  QObject::connect(&record, &firmware::ui::RecordModel::saved, [&] { ++saved; });
  const QVariantMap hours{{"from", "today"}, {"through", "today"}, {"activity", "core_team"}, {"role", "support"}, {"minutes", "60"}};
  record.add("hours", "", hours);
  record.add("hours", "", hours);
  world->settle();
  CHECK(saved == 1);
}

TEST_CASE_METHOD(Evening, "a round does not end over what is not finished, and can be left as it is", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("ui:contact:spoken"));
  wait_for_contacts(1);
  world->screens().app().dismissNotice();
  world->tap(word("ui:evening:end_round"));
  world->tap(word("ui:evening:end_round"));
  world->tap(word("ui:round:leave_them"));
  REQUIRE(world->wait_until([&] { return model().drafts().isEmpty(); }));
  world->tap(word("ui:evening:end_round"));
  REQUIRE(world->wait_until([&] { return !model().roundOpen() && world->screen() == "evening"; }));
  CHECK(model().contacts().isEmpty());
}

TEST_CASE_METHOD(Evening, "on her card: what is to do is done, and something is written down", "[ui]") {
  world->tap(word("ui:evening:women"));
  world->tap("Roos");
  world->tap(word("ui:todo:done"));
  REQUIRE(world->wait_until([&] { return model().followUps().isEmpty(); }));
  world->screens().app().dismissNotice();
  world->tap(word("ui:woman:consent"));
  world->tap(word("code:consent_state:given"));
  world->tap(word("code:partner:ribw"));
  world->tap(word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return world->screen() == "woman"; }));
  world->settle();
  CHECK(world->sees(word("code:consent_state:given")));
}

TEST_CASE_METHOD(Evening, "reading together shows tonight's own words only, and ends with the PIN", "[ui]") {
  start_round();
  new_contact_with("Roos");
  world->tap(word("code:outcome:spoken"));
  world->type(word("ui:contact:note"), "wil een eigen plek");
  world->tap(word("ui:contact:save"));
  wait_for_contacts(1);
  world->screens().app().dismissNotice();
  world->tap(contact().value("time").toString() + "  Roos");
  world->tap(word("ui:tonight:card"));
  world->tap(word("ui:woman:together"));
  CHECK(world->sees("wil een eigen plek"));
  CHECK_FALSE(world->sees("huisarts"));
  CHECK(world->find(word("ui:back")) == nullptr);
  world->tap(word("ui:together:ready"));
  CHECK_FALSE(world->sees("wil een eigen plek"));
  for (const char* digit : {"1", "1", "1", "1", "1", "1", "1", "1"}) world->tap(digit);
  world->tap(word("ui:lock:open"));
  REQUIRE(world->wait_until([&] { return !world->screens().lock().busy(); }));
  CHECK(world->screen() == "together");
  for (const char* digit : {"1", "2", "3", "4", "5", "6", "7", "8"}) world->tap(digit);
  world->tap(word("ui:lock:open"));
  CHECK(world->wait_until([&] { return world->screen() == "woman"; }));
}

TEST_CASE_METHOD(Evening, "a PIN is changed by typing the new one twice, and then only that one opens", "[ui]") {
  const auto type_pin = [&](const std::string& pin, const QString& action) {
    for (const char digit : pin) world->tap(QString(QChar(digit)));
    world->tap(action);
  };
  world->tap(word("ui:evening:settings"));
  world->tap(word("ui:settings:pin"));
  type_pin("12345678", word("ui:lock:open"));
  REQUIRE(world->wait_until([&] { return world->find(word("ui:key:done")) != nullptr; }));
  type_pin("24682468", word("ui:key:done"));
  type_pin("11111111", word("ui:contact:save"));
  CHECK(world->screens().lock().message() == word("error:pin_mismatch"));
  type_pin("24682468", word("ui:key:done"));
  type_pin("24682468", word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return world->locked(); }));
  world.reset();
  world = std::make_unique<UiWorld>(folder);
  world->unlock("24682468");
}

TEST_CASE_METHOD(Evening, "a follow-up is planned for tomorrow, in a week, or a day of her choice", "[ui]") {
  new_contact_with("Roos");
  world->tap(word("code:outcome:spoken"));
  world->tap(word("ui:tomorrow"));
  world->tap(word("ui:contact:day_later"));
  world->tap(word("ui:contact:day_later"));
  world->type(word("ui:contact:follow_up_text"), "Brief brengen");
  world->tap(word("ui:contact:save"));
  REQUIRE(world->wait_until([&] { return model().followUps().size() == 2; }));
  const CivilDate today = date_in_amsterdam(SystemClock().now().wall_ms);
  CHECK(model().followUps().back().toMap().value("due").toString().toStdString() == to_string(add_days(today, 3)));
}

TEST_CASE_METHOD(Evening, "visits of the living room add up to one record, also over a restart", "[ui]") {
  world->tap(word("ui:evening:living_room"));
  for (int i = 0; i < 5; ++i) world->tap("+");
  world->tap("−");
  CHECK(world->screens().woman().visits() == 4);
  world->tap(word("ui:back"));
  REQUIRE(world->wait_until([&] { return world->screens().woman().visitsSaved(); }));
  start();
  world->tap(word("ui:evening:living_room"));
  CHECK(world->wait_until([&] { return world->screens().woman().visits() == 4; }));
}
