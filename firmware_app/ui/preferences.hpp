#pragma once
// How the screens look and when they lock: of the device, not of a person, and nothing that anybody must not see. In
// screens.ini in the handheld's folder; what is there and makes no sense is the default.

#include <QObject>
#include <QString>
#include <string>

namespace lantaarn::firmware::ui {

class Preferences : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY languageChanged)
  Q_PROPERTY(int textSize READ textSize WRITE setTextSize NOTIFY changed)
  Q_PROPERTY(bool leftHanded READ leftHanded WRITE setLeftHanded NOTIFY changed)
  Q_PROPERTY(bool night READ night WRITE setNight NOTIFY changed)
  Q_PROPERTY(int brightness READ brightness WRITE setBrightness NOTIFY changed)
  Q_PROPERTY(bool canDim READ canDim CONSTANT)
  Q_PROPERTY(int autoLockSeconds READ autoLockSeconds WRITE setAutoLockSeconds NOTIFY changed)
  Q_PROPERTY(bool shuffle READ shuffle WRITE setShuffle NOTIFY changed)

 public:
  /// `folder` empty: nothing is kept.
  explicit Preferences(const std::string& folder);

  [[nodiscard]] QString language() const { return language_; }
  /// 0 normal, 1 large, 2 largest.
  [[nodiscard]] int textSize() const { return text_size_; }
  [[nodiscard]] bool leftHanded() const { return left_handed_; }
  [[nodiscard]] bool night() const { return night_; }
  /// Percent; of the board's own light where there is one.
  [[nodiscard]] int brightness() const { return brightness_; }
  [[nodiscard]] bool canDim() const { return can_dim_; }
  [[nodiscard]] int autoLockSeconds() const { return auto_lock_seconds_; }
  /// Digits of the PIN pad in another order each time.
  [[nodiscard]] bool shuffle() const { return shuffle_; }

  void setLanguage(const QString& language);
  void setTextSize(int size);
  void setLeftHanded(bool left);
  void setNight(bool night);
  void setBrightness(int percent);
  void setAutoLockSeconds(int seconds);
  void setShuffle(bool shuffle);

 signals:
  void changed();
  void languageChanged();

 private:
  void keep();

  QString file_;
  QString language_ = "nl";
  int text_size_ = 0;
  bool left_handed_ = false;
  bool night_ = false;
  int brightness_ = 60;
  bool can_dim_ = false;
  int auto_lock_seconds_ = 60;
  bool shuffle_ = false;
};

}  // namespace lantaarn::firmware::ui
