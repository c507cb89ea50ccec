// What lantaarn-bench --only ui asks for: a figure a line, "figure NAME VALUE". Hidden from an ordinary run.
#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

#include "tests/firmware_app/ui/ui_world.hpp"

using namespace lantaarn;
using namespace lantaarn::support;

namespace {

double cpu_ms() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto ms = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1000 + static_cast<double>(time.tv_usec) / 1000; };
  return ms(used.ru_utime) + ms(used.ru_stime);
}
double resident_megabytes() {
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string line; std::getline(rollup, line);) {
    if (line.starts_with("Pss:")) return std::stod(line.substr(4)) / 1024;
  }
  return 0;
}
void figure(const char* name, double value) { std::printf("figure %s %.3f\n", name, value); }

/// The middle of many: what one frame costs, drawn in memory.
double frame_ms(UiWorld& world, int frames, const std::function<void(int)>& change) {
  std::vector<double> each;
  QImage last;
  int moved = 0;
  for (int i = 0; i < frames; ++i) {
    change(i);
    const double before = cpu_ms();
    const QImage now = world.view().grabWindow();
    each.push_back(cpu_ms() - before);
    moved += now != last ? 1 : 0;
    last = now;
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }
  REQUIRE(moved > frames / 5);  // what is typed does not change the list each time
  std::nth_element(each.begin(), each.begin() + frames / 2, each.end());
  return each[static_cast<std::size_t>(frames) / 2];
}

}  // namespace

TEST_CASE("the figures of the screens", "[.speed]") {
  const UiFolder folder(500);
  UiWorld world(folder);
  figure("resident_at_start", resident_megabytes());
  world.unlock();
  auto& screens = world.screens();
  screens.evening().startRound({"zone"}, "");
  REQUIRE(world.wait_until([&] { return screens.evening().roundOpen(); }));
  screens.app().dismissNotice();

  figure("resident_unlocked", resident_megabytes());
  screens.contact().begin();
  world.go("contact");
  figure("resident_contact", resident_megabytes());
  QQuickItem* list = nullptr;
  for (QQuickItem* item : world.items()) {
    if (item->objectName() == "people") list = item;
  }
  REQUIRE(list != nullptr);
  figure("scroll_frame", frame_ms(world, 200, [&](int i) { list->setProperty("contentY", 12.0 * i); }));
  figure("resident_after_scroll", resident_megabytes());
  const QString typed = "vrouw 4";
  figure("typing_frame", frame_ms(world, 100, [&](int i) { screens.people().setQuery(typed.left(i % 7 + 1)); }));
  screens.people().setQuery("");
  figure("resident_after_typing", resident_megabytes());

  // From the tap on save to durable: the answer has come back to the screen.
  std::vector<double> saves;
  for (int i = 0; i < 200; ++i) {
    screens.contact().begin();
    screens.contact().chooseUnknown("");
    screens.contact().setOutcome("spoken");
    bool saved = false;
    const auto connection = QObject::connect(&screens.contact(), &firmware::ui::ContactModel::saved, [&] { saved = true; });
    const auto began = std::chrono::steady_clock::now();
    screens.contact().save();
    while (!saved) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
    saves.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - began).count());
    QObject::disconnect(connection);
    world.settle();
  }
  std::sort(saves.begin(), saves.end());
  figure("save_median", saves[saves.size() / 2]);
  figure("save_p99", saves[saves.size() * 99 / 100]);
  figure("resident_before_use", resident_megabytes());

  // An hour of it, in a few minutes: every screen, again and again.
  for (int round = 0; round < 60; ++round) {
    for (const char* screen : {"women", "todo", "livingRoom", "hours", "settings", "danger", "sync", "later"}) {
      screens.app().home();
      world.go(screen);
      static_cast<void>(world.view().grabWindow());
    }
    screens.people().setQuery(round % 2 == 0 ? "ro" : "");
  }
  figure("resident_after_use", resident_megabytes());
}

TEST_CASE("the figures of five thousand cards", "[.speed]") {
  const UiFolder folder(5000);
  UiWorld world(folder);
  auto& screens = world.screens();
  const auto now = [] { return std::chrono::steady_clock::now(); };
  const auto ms_since = [&](auto began) { return std::chrono::duration<double, std::milli>(now() - began).count(); };
  auto began = now();
  world.unlock();
  REQUIRE(world.wait_until([&] { return screens.people().total() == 5000; }));
  figure("many_unlock", ms_since(began));  // with eight touches and a cheap PIN function
  began = now();
  screens.contact().begin();
  world.go("contact");
  static_cast<void>(world.view().grabWindow());
  figure("many_open", ms_since(began));
  const QString typed = "vrouw 4";
  figure("many_typing_frame", frame_ms(world, 100, [&](int i) { screens.people().setQuery(typed.left(i % 7 + 1)); }));
  screens.people().setQuery("");
  std::vector<double> saves, readings;
  for (int i = 0; i < 50; ++i) {
    screens.contact().begin();
    screens.contact().chooseUnknown("");
    screens.contact().setOutcome("spoken");
    bool saved = false;
    const auto connection = QObject::connect(&screens.contact(), &firmware::ui::ContactModel::saved, [&] { saved = true; });
    const int before = screens.refresh().readings();
    began = now();
    screens.contact().save();
    while (!saved) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
    saves.push_back(ms_since(began));
    QObject::disconnect(connection);
    while (screens.refresh().readings() == before) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
    readings.push_back(ms_since(began) - saves.back());
    world.settle();
  }
  std::sort(saves.begin(), saves.end());
  std::sort(readings.begin(), readings.end());
  figure("many_save_median", saves[saves.size() / 2]);
  figure("many_save_worst", saves.back());
  figure("many_shown_median", readings[readings.size() / 2]);
  began = now();
  screens.woman().open("01000000636363636363636363636363");
  REQUIRE(world.wait_until([&] { return !screens.woman().card().isEmpty(); }));
  figure("many_card", ms_since(began));
  figure("many_resident", resident_megabytes());
}
