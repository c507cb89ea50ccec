#pragma once
// The real screens over a real folder, without a display and with a cheap PIN function: touched where a thumb would touch,
// looked at where a reader's eye would go.

#include <QGuiApplication>
#include <QQuickItem>
#include <QQuickView>
#include <functional>

#include "firmware_app/ui/screens.hpp"
#include "tests/firmware_app/test_handheld.hpp"
#include "tests/support/temp_folder.hpp"

namespace lantaarn::support {

struct Size {
  int width = 480, height = 800;
};

/// The one application of the process; offscreen, software.
QGuiApplication& application();

/// A handheld's folder on a real disk: Noor (12345678) and Maaike (87654321), Noor's cards.
class UiFolder {
 public:
  explicit UiFolder(int cards = 5);
  [[nodiscard]] std::string path() const { return folder_.path().string(); }
  [[nodiscard]] firmware::VaultOptions vault_options() const;
  void set_lease(const firmware::Lease& lease);
  [[nodiscard]] std::string noor() const { return ids_.noor.hex(); }

 private:
  TempFolder folder_;
  TestHandheld ids_;
};

class UiWorld {
 public:
  explicit UiWorld(const UiFolder& folder, Size size = {}, std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>())
      : UiWorld(folder.path(), folder.vault_options(), size, std::move(clock)) {}
  UiWorld(const std::string& folder, firmware::VaultOptions vault_options, Size size = {},
          std::shared_ptr<const Clock> clock = std::make_shared<SystemClock>());
  ~UiWorld();

  [[nodiscard]] firmware::ui::Screens& screens() { return *screens_; }
  [[nodiscard]] QQuickView& view() { return *view_; }
  [[nodiscard]] bool locked() const { return locked_; }
  /// Taps so far: what a person needs for something is counted.
  [[nodiscard]] int taps() const { return taps_; }
  void reset_taps() { taps_ = 0; }

  /// By name, the second of two is Noor.
  void unlock(const std::string& pin = "12345678", int user = 1);
  /// Everything that was asked of the office is done and shown.
  void settle();
  /// What can be touched under this name (a Tap's text, or what a screen reader says); scrolled to when it is out of sight.
  [[nodiscard]] QQuickItem* find(const QString& name);
  [[nodiscard]] bool sees(const QString& text);
  void tap(const QString& name);
  void type(const QString& label, const QString& text);
  /// The field gets the focus, and the keyboard comes up; and goes.
  void focus(const QString& label);
  void unfocus();
  void press(int qt_key);
  void go(const QString& screen, const QVariantMap& given = {});
  [[nodiscard]] QString screen() const { return screens_->app().screen(); }
  [[nodiscard]] QImage picture();
  /// Every item that is shown.
  [[nodiscard]] std::vector<QQuickItem*> items();
  bool wait_until(const std::function<bool()>& is_so, int ms = 4000);

 private:
  void draw();
  [[nodiscard]] QQuickItem* input_of(const QString& label);
  void bring_into_sight(QQuickItem* item);
  std::unique_ptr<firmware::ui::Screens> screens_;
  std::unique_ptr<QQuickView> view_;
  bool locked_ = false;
  int taps_ = 0;
};

/// A word of the screens, in the language in use.
[[nodiscard]] QString word(const char* key, const std::vector<std::string>& args = {});

}  // namespace lantaarn::support
