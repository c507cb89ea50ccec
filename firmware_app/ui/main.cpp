// lantaarn-ui: the handheld's screens. A program of its own, so that the commands need no graphics; `lantaarn ui` starts it.
#include <google/protobuf/stubs/logging.h>

#include <QGuiApplication>
#include <QQuickView>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "common/confine/files.hpp"
#include "common/crypto/secret.hpp"
#include "common/words/use.hpp"
#include "firmware_app/handheld/tickets.hpp"
#include "firmware_app/platform/process_guard.hpp"
#include "firmware_app/ui/screens.hpp"
#include "firmware_app/vault/secret_place.hpp"

using namespace lantaarn;
using namespace lantaarn::firmware;

namespace {

int fail(const Error& error) {
  std::fprintf(stderr, "lantaarn-ui: %s\n", words::sentence(error).c_str());
  return error.code == "usage" ? 2 : 1;
}

// Nothing of a screen's goes to a log: Qt's own words may name what is on it.
void say_nothing(QtMsgType, const QMessageLogContext&, const QString&) {}

// Its own folder, which a first use makes; where tickets are found; a device secret that is kept elsewhere.
Reach reach_of(const std::string& folder) {
  Reach reach;
  reach.read = ticket_places();
  reach.read.push_back(words::catalogue_folder());
  reach.read_write = {std::filesystem::exists(folder + "/vault.db") ? folder : confine::existing_part(folder)};
  if (const std::string secret = secret_file_elsewhere(folder, ""); !secret.empty()) {
    reach.read_write.push_back(std::filesystem::path(secret).parent_path().string());
  }
  reach.restarts = true;
  reach.shows = true;
  return reach;
}

int run(int argc, char** argv) {
  std::string asked;
  bool again = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument == "--data" && i + 1 < argc) {
      asked = argv[++i];
    } else if (argument == "--again") {
      again = true;
    } else {
      return fail(refused("usage", {"lantaarn-ui [--data FOLDER]"}));
    }
  }
  const auto folder = data_folder(asked);
  if (!folder.ok()) return fail(folder.error());
  ui::Screens::prepare();
  QGuiApplication application(argc, argv);
  // What the platform opens (a display, input devices, fonts) is open by now; the rest is confined.
  if (const Status confined = confine_process(reach_of(*folder)); !confined.ok()) return fail(confined.error());
  ui::Screens screens(*folder);
  QQuickView view;
  screens.serve(*view.engine());
  screens.app().lock = [&] {
    view.hide();
    const Status not_restarted = restart({"--data", *folder, "--again"});
    fail(not_restarted.ok() ? bug("restart") : not_restarted.error());
    std::_Exit(1);
  };
  view.setResizeMode(QQuickView::SizeRootObjectToView);
  view.setTitle("Lantaarn");
  view.setColor(Qt::black);
  view.resize(480, 800);
  view.setSource(QUrl("qrc:/qt/qml/Lantaarn/Main.qml"));
  QGuiApplication::platformName() == "xcb" || QGuiApplication::platformName() == "offscreen" ? view.show() : view.showFullScreen();
  // For whoever started it: nothing that is on a screen.
  const auto say = [](const char* state) {
    std::puts(state);
    std::fflush(stdout);
  };
  QObject::connect(&view, &QQuickWindow::frameSwapped, &view, [&] { say("shown"); }, Qt::SingleShotConnection);
  QObject::connect(&view, &QQuickWindow::frameSwapped, &screens.app(), &ui::App::painted);
  QObject::connect(&screens.lock(), &ui::LockModel::usersChanged, [&] { say(again ? "locked" : "ready"); });
  QObject::connect(&screens.lock(), &ui::LockModel::entered, [&] { say("open"); });
  screens.lock().open();
  return QGuiApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
  const Status guarded = guard_process();
  google::protobuf::SetLogHandler(nullptr);
  words::initialise();
  qInstallMessageHandler(say_nothing);
  for (const Status& ready : {guarded, crypto::initialise()}) {
    if (!ready.ok()) return fail(ready.error());
  }
  return run(argc, argv);
}
