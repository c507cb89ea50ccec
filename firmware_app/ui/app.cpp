#include "firmware_app/ui/app.hpp"

#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <utility>

#include "common/words/words.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kNoticeMs = 4000;
constexpr int kBlinkMs = 150;

bool is_somebody(QEvent::Type type) {
  return type == QEvent::TouchBegin || type == QEvent::TouchUpdate || type == QEvent::MouseButtonPress || type == QEvent::KeyPress;
}

/// Keys that handhelds have on their side; Escape where there is a keyboard.
bool hides(int key) { return key == Qt::Key_Escape || key == Qt::Key_PowerOff || key == Qt::Key_VolumeDown || key == Qt::Key_ScreenSaver; }

}  // namespace

App::App(Office& office, const std::string& folder, std::shared_ptr<const Clock> clock)
    : office_(office), clock_(std::move(clock)), preferences_(folder) {
  idle_.setObjectName("idle");
  idle_.setSingleShot(true);
  notice_timer_.setSingleShot(true);
  notice_timer_.setInterval(kNoticeMs);
  connect(&idle_, &QTimer::timeout, this, &App::hide);
  connect(&notice_timer_, &QTimer::timeout, this, &App::dismissNotice);
  connect(&preferences_, &Preferences::changed, this, &App::touched);
  if (qApp == nullptr) return;
  qApp->installEventFilter(this);
  if (auto* gui = qobject_cast<QGuiApplication*>(qApp)) {
    connect(gui, &QGuiApplication::applicationStateChanged, this, &App::look_at_window);
    look_at_window(gui->applicationState());
  }
}

// Where no display ever says that it is looked at, nothing can be told from that.
void App::look_at_window(Qt::ApplicationState state) {
  const bool is_active = state == Qt::ApplicationActive;
  was_active_ |= is_active;
  if (std::exchange(covered_, was_active_ && !is_active) != (was_active_ && !is_active)) emit coveredChanged();
}

std::optional<CivilDate> App::today() const {
  if (told_day_) return told_day_;
  const CivilDate day = date_in_amsterdam(now_ms());
  return day < kFirstDay ? std::nullopt : std::optional(day);
}

bool App::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::KeyPress && hides(static_cast<QKeyEvent*>(event)->key())) {
    hide();
    return true;
  }
  // A window that is closed is hidden: what is under way is finished first.
  if (event->type() == QEvent::Close && !hidden_ && let_in_) {
    event->ignore();
    hide();
    return true;
  }
  if (is_somebody(event->type())) touched();
  return QObject::eventFilter(watched, event);
}

void App::go(const QString& screen, const QVariantMap& given) {
  stack_.append({screen, given});
  emit screenChanged();
}

void App::back() {
  if (stack_.size() > 1 || (!let_in_ && !stack_.isEmpty())) stack_.removeLast();
  emit screenChanged();
}

void App::home() {
  if (stack_.isEmpty()) return;
  stack_ = let_in_ ? QList<Shown>{stack_.first()} : QList<Shown>{};
  emit screenChanged();
}

void App::unlocked() {
  let_in_ = true;
  stack_ = {{"evening", {}}};
  touched();
  emit screenChanged();
}

void App::touched() {
  if (!let_in_) return idle_.stop();
  idle_.start(preferences_.autoLockSeconds() * 1000);
}

// The blank screen is painted before anything else is done; it is not waited for longer than a blink.
void App::hide() {
  if (hidden_) return;
  hidden_ = true;
  dismissNotice();
  emit hiddenChanged();
  QTimer::singleShot(kBlinkMs, this, &App::painted);
}

void App::painted() {
  if (!hidden_ || locking_) return;
  locking_ = true;
  QTimer::singleShot(0, this, [this] {
    office_.settle();
    lock();
  });
}

QString App::clock() const { return time_text(now_ms()); }

QString App::fill(const QString& pattern, const QVariantList& args) const {
  std::vector<std::string> texts;
  for (const QVariant& arg : args) texts.push_back(arg.toString().toStdString());
  return text_of(words::fill(pattern.toStdString(), texts));
}

void App::show_notice(const QString& line, bool trouble) {
  notice_ = line;
  trouble_ = trouble;
  trouble ? notice_timer_.stop() : notice_timer_.start();
  emit noticeChanged();
}

void App::say(const QString& line) { show_notice(line, false); }
void App::say_trouble(const Error& error) { show_notice(text_of(words::sentence(error)), true); }

void App::dismissNotice() {
  notice_timer_.stop();
  if (notice_.isEmpty()) return;
  notice_.clear();
  trouble_ = false;
  emit noticeChanged();
}

QString said(const std::string& key, const std::vector<std::string>& args) { return text_of(words::text(key, args)); }

}  // namespace lantaarn::firmware::ui
