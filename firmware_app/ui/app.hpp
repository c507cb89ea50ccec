#pragma once
// What every screen shares: which one is shown, how it looks, and that it goes away. Locking starts the program anew, so
// that nothing survives it in memory (platform/process_guard.hpp).

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QVariant>
#include <functional>

#include "common/base/civil_time.hpp"
#include "firmware_app/ui/office.hpp"
#include "firmware_app/ui/preferences.hpp"

namespace lantaarn::firmware::ui {

class App : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString screen READ screen NOTIFY screenChanged)
  Q_PROPERTY(QVariantMap given READ given NOTIFY screenChanged)
  Q_PROPERTY(bool hidden READ hidden NOTIFY hiddenChanged)
  Q_PROPERTY(bool covered READ covered NOTIFY coveredChanged)
  Q_PROPERTY(QString notice READ notice NOTIFY noticeChanged)
  Q_PROPERTY(bool noticeIsTrouble READ noticeIsTrouble NOTIFY noticeChanged)
  Q_PROPERTY(lantaarn::firmware::ui::Preferences* preferences READ preferences CONSTANT)

 public:
  /// `clock`: the one the office works by.
  App(Office& office, const std::string& folder, std::shared_ptr<const Clock> clock);

  [[nodiscard]] QString screen() const { return stack_.isEmpty() ? QString("lock") : stack_.last().name; }
  [[nodiscard]] QVariantMap given() const { return stack_.isEmpty() ? QVariantMap() : stack_.last().given; }
  [[nodiscard]] bool hidden() const { return hidden_; }
  /// Another window has the focus, or this one is minimised: nothing of it is shown there. It is not locked by that.
  [[nodiscard]] bool covered() const { return covered_; }
  [[nodiscard]] QString notice() const { return notice_; }
  [[nodiscard]] bool noticeIsTrouble() const { return trouble_; }
  [[nodiscard]] Preferences* preferences() { return &preferences_; }

  Q_INVOKABLE void go(const QString& screen, const QVariantMap& given = {});
  Q_INVOKABLE void back();
  /// To the evening's screen, whatever was open; to the lock screen while nobody is in.
  Q_INVOKABLE void home();
  /// Blank at once; then, as soon as what was being saved is saved, locked.
  Q_INVOKABLE void hide();
  /// A frame was shown: when it is hidden, it is a blank one.
  void painted();
  /// Somebody is there: automatic locking begins to count anew.
  Q_INVOKABLE void touched();
  [[nodiscard]] std::int64_t now_ms() const { return clock_->now().wall_ms; }
  /// As she said it, else the clock's; nothing when that lost its battery.
  [[nodiscard]] std::optional<CivilDate> today() const;
  void tell_day(const CivilDate& day) { told_day_ = day; }
  /// "21:05", in Amsterdam, as every other time here.
  Q_INVOKABLE QString clock() const;
  /// {0} … filled in.
  Q_INVOKABLE QString fill(const QString& pattern, const QVariantList& args) const;

  /// One line, gone after a while. A trouble stays until it is touched away.
  void say(const QString& line);
  void say_trouble(const Error& error);
  Q_INVOKABLE void dismissNotice();
  void unlocked();
  /// What locking does; in the program: restart().
  std::function<void()> lock = [] {};

 signals:
  void screenChanged();
  void hiddenChanged();
  void coveredChanged();
  void noticeChanged();

 private:
  struct Shown {
    QString name;
    QVariantMap given;
  };
  bool eventFilter(QObject* watched, QEvent* event) override;
  void show_notice(const QString& line, bool trouble);

  void look_at_window(Qt::ApplicationState state);

  Office& office_;
  std::shared_ptr<const Clock> clock_;
  std::optional<CivilDate> told_day_;
  Preferences preferences_;
  QList<Shown> stack_;
  QString notice_;
  bool trouble_ = false;
  bool let_in_ = false;
  bool hidden_ = false;
  bool covered_ = false;
  bool was_active_ = false;
  bool locking_ = false;
  QTimer idle_{this}, notice_timer_;
};

/// For people, in the language in use.
[[nodiscard]] QString said(const std::string& key, const std::vector<std::string>& args = {});
[[nodiscard]] inline QString text_of(const std::string& text) { return QString::fromStdString(text); }

}  // namespace lantaarn::firmware::ui
