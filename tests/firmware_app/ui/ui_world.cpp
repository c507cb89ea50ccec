#include "tests/firmware_app/ui/ui_world.hpp"

#include <QtTest/QSignalSpy>
#include <QtTest/QTest>
#include <catch2/catch.hpp>

#include "common/model/card_box.hpp"
#include "common/words/words.hpp"
#include "firmware_app/vault/secret_place.hpp"

namespace lantaarn::support {

using namespace firmware;

QGuiApplication& application() {
  static int argc = 1;
  static char name[] = "screens";
  static char* argv[] = {name, nullptr};
  static const bool prepared = [] {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    ui::Screens::prepare();
    return true;
  }();
  static_cast<void>(prepared);
  // It outlives every test, and is not taken down among the process's own last things.
  static auto* made = new QGuiApplication(argc, argv);
  return *made;
}

VaultOptions UiFolder::vault_options() const {
  VaultOptions made;
  made.measure = [] { return Result<crypto::KdfParameters>(crypto::KdfParameters{1, 1}); };
  made.pin_kdf = cheap_pin_kdf();
  return made;
}

UiFolder::UiFolder(int cards) {
  auto opened = open_or_make_folder(path(), "file", vault_options());
  REQUIRE(opened.ok());
  // The lease runs by the real clock here.
  const std::int64_t now = SystemClock().now().wall_ms;
  ids_.clock.reading.wall_ms = now;
  for (const auto& [name, pin, further] : {std::tuple{"Noor", "12345678", false}, {"Maaike", "87654321", true}}) {
    auto begun = opened->vault.begin_enrolment(ids_.ticket(further ? 2 : 1), name, pin_of(pin), "127.0.0.1:1", further);
    REQUIRE(begun.ok());
    auto reply = ids_.reply();
    const ClockReading reading = SystemClock().now();
    reply.clock = ClockObservation{reading.wall_ms, reading.wall_ms, reading.monotonic_ms, reading.boot_id};
    REQUIRE(opened->vault.finish_enrolment(*begun, reply).ok());
    if (further) continue;
    auto caseload = Caseload::open(path() + "/caseload.db");
    REQUIRE(caseload.ok());
    model::pb::CardBundle bundle;
    bundle.set_user_id(to_string(ids_.noor.view()));
    bundle.set_edition(1);
    bundle.set_parts(1);
    constexpr const char* kNames[] = {"Roos", "Iris", "Lotte", "Fleur", "Jasmijn"};
    for (int i = 0; i < cards; ++i) {
      auto* card = bundle.add_cards();
      std::string id(16, 'c');
      store_le(reinterpret_cast<std::uint8_t*>(id.data()), static_cast<std::uint32_t>(i + 1));
      card->set_client_id(id);
      card->add_aliases(i < 5 ? kNames[i] : "Vrouw " + std::to_string(i));
      if (i == 1) card->add_aliases("Ирина");
      auto* field = card->add_fields();
      field->set_field("safe_contact");
      field->set_value("in_person_only");
      card->set_last_spoken_date("2026-11-20");
      if (i != 0) continue;
      auto* follow_up = card->add_follow_ups();
      follow_up->set_follow_up(std::string(16, 'f'));
      follow_up->set_due_date("2026-11-22");
      follow_up->set_text("Samen bellen met de huisarts");
    }
    REQUIRE(caseload->store(ids_.noor, {1, 1}, model::seal_cards(begun->user.box.public_key(), as_bytes(bundle.SerializeAsString()))).ok());
  }
}

void UiFolder::set_lease(const Lease& lease) {
  const auto secret = device_secret_of(path());
  REQUIRE(secret.ok());
  auto vault = Vault::open(path() + "/vault.db", **secret, vault_options());
  REQUIRE(vault.ok());
  REQUIRE(vault->set_lease(ids_.noor, lease).ok());
}

UiWorld::UiWorld(const std::string& folder, VaultOptions vault_options, Size size, std::shared_ptr<const Clock> clock) {
  application();
  screens_ = std::make_unique<ui::Screens>(folder, std::move(vault_options), std::move(clock));
  screens_->app().lock = [this] { locked_ = true; };
  view_ = std::make_unique<QQuickView>();
  screens_->serve(*view_->engine());
  view_->setResizeMode(QQuickView::SizeRootObjectToView);
  view_->resize(size.width, size.height);
  view_->setSource(QUrl("qrc:/qt/qml/Lantaarn/Main.qml"));
  for (const auto& error : view_->errors()) UNSCOPED_INFO(error.toString().toStdString());
  REQUIRE(view_->status() == QQuickView::Ready);
  view_->show();
  view_->requestActivate();
  screens_->lock().open();
  REQUIRE(wait_until([this] { return screens_->lock().ready() || screen() != "lock"; }));
}

// The engine goes before the models its screens look at.
UiWorld::~UiWorld() { view_.reset(); }

bool UiWorld::wait_until(const std::function<bool()>& is_so, int ms) { return QTest::qWaitFor(is_so, ms); }

void UiWorld::settle() {
  screens_->office().settle();
  QCoreApplication::processEvents();
  screens_->office().settle();
  QCoreApplication::processEvents();
  QTest::qWait(1);
}

void UiWorld::unlock(const std::string& pin, int user) {
  screens_->lock().select(user);
  for (const char digit : pin) tap(QString(QChar(digit)));
  tap(word("ui:lock:open"));
  const bool let_in = wait_until([this] { return screen() == "evening" && screens_->evening().loaded(); }, 20'000);
  INFO("the lock screen says: " << screens_->lock().message().toStdString() << "; news: " << screens_->app().notice().toStdString());
  REQUIRE(let_in);
  settle();
}

std::vector<QQuickItem*> UiWorld::items() {
  std::vector<QQuickItem*> found, todo{view_->rootObject()};
  while (!todo.empty()) {
    QQuickItem* item = todo.back();
    todo.pop_back();
    if (!item->isVisible()) continue;
    found.push_back(item);
    for (QQuickItem* child : item->childItems()) todo.push_back(child);
  }
  return found;
}

QQuickItem* UiWorld::find(const QString& name) {
  for (QQuickItem* item : items()) {
    const bool can_be_touched = item->metaObject()->indexOfSignal("clicked()") >= 0 || item->metaObject()->indexOfSignal("pressed()") >= 0;
    if (!can_be_touched || item->property("text").isNull()) continue;
    if (item->objectName() == name || item->property("text").toString() == name || item->property("says").toString() == name) return item;
  }
  return nullptr;
}

bool UiWorld::sees(const QString& text) {
  for (QQuickItem* item : items()) {
    if (item->inherits("QQuickText") && item->property("text").toString().contains(text)) return true;
  }
  return false;
}

// Items find their places when a frame is drawn.
void UiWorld::draw() {
  QSignalSpy drawn(view_.get(), &QQuickWindow::frameSwapped);
  view_->requestUpdate();
  drawn.wait(200);
}

void UiWorld::bring_into_sight(QQuickItem* item) {
  draw();
  for (QQuickItem* parent = item->parentItem(); parent != nullptr; parent = parent->parentItem()) {
    if (!parent->inherits("QQuickFlickable")) continue;
    const QRectF place = item->mapRectToItem(parent, QRectF(0, 0, item->width(), item->height()));
    const double y = parent->property("contentY").toDouble();
    if (place.bottom() > parent->height()) parent->setProperty("contentY", y + place.bottom() - parent->height());
    if (place.top() < 0) parent->setProperty("contentY", y + place.top());
  }
  QTest::qWait(1);
}

void UiWorld::tap(const QString& name) {
  QQuickItem* item = nullptr;
  INFO("to touch: " << name.toStdString() << " on " << screen().toStdString());
  REQUIRE(wait_until([&] { return (item = find(name)) != nullptr && item->isEnabled(); }));
  bring_into_sight(item);
  REQUIRE((item = find(name)) != nullptr);
  const QPoint middle = item->mapToScene(QPointF(item->width() / 2, item->height() / 2)).toPoint();
  QTest::mouseClick(view_.get(), Qt::LeftButton, {}, middle);
  ++taps_;
  QTest::qWait(1);
}

QQuickItem* UiWorld::input_of(const QString& label) {
  for (QQuickItem* item : items()) {
    auto* field = item->inherits("QQuickTextEdit") ? item->property("field").value<QQuickItem*>() : nullptr;
    if (field != nullptr && field->property("label").toString() == label) return item;
  }
  FAIL("no field: " << label.toStdString());
  return nullptr;
}

void UiWorld::type(const QString& label, const QString& text) {
  QQuickItem* input = input_of(label);
  input->forceActiveFocus();
  input->setProperty("text", text);
  QTest::qWait(1);
}

void UiWorld::focus(const QString& label) {
  input_of(label)->forceActiveFocus();
  draw();
}

void UiWorld::unfocus() {
  if (QQuickItem* focused = view_->activeFocusItem()) focused->setFocus(false);
  draw();
}

void UiWorld::press(int qt_key) { QTest::keyClick(view_.get(), static_cast<Qt::Key>(qt_key)); }

void UiWorld::go(const QString& screen, const QVariantMap& given) {
  screens_->app().go(screen, given);
  settle();
}

QImage UiWorld::picture() {
  settle();
  return view_->grabWindow();
}

QString word(const char* key, const std::vector<std::string>& args) { return QString::fromStdString(words::text(key, args)); }

}  // namespace lantaarn::support
