#include "firmware_app/ui/preferences.hpp"

#include <QSettings>
#include <algorithm>

#include "common/words/use.hpp"
#include "firmware_app/platform/board.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr int kTextSizes = 3;
constexpr int kAutoLockMin = 15, kAutoLockMax = 600;
constexpr int kBrightnessMin = 5;

}  // namespace

Preferences::Preferences(const std::string& folder) : can_dim_(can_dim_screen()) {
  language_ = words::language() == words::Language::kDutch ? "nl" : "en";
  if (folder.empty()) return;
  file_ = QString::fromStdString(folder) + "/screens.ini";
  const QSettings kept(file_, QSettings::IniFormat);
  const QString language = kept.value("language", language_).toString();
  language_ = language == "en" || language == "nl" ? language : language_;
  text_size_ = std::clamp(kept.value("text_size", text_size_).toInt(), 0, kTextSizes - 1);
  left_handed_ = kept.value("left_handed", left_handed_).toBool();
  night_ = kept.value("night", night_).toBool();
  brightness_ = std::clamp(kept.value("brightness", brightness_).toInt(), kBrightnessMin, 100);
  auto_lock_seconds_ = std::clamp(kept.value("auto_lock_seconds", auto_lock_seconds_).toInt(), kAutoLockMin, kAutoLockMax);
  shuffle_ = kept.value("shuffle", shuffle_).toBool();
  if (kept.contains("brightness")) dim_screen(brightness_);
  words::use(language_ == "nl" ? words::Language::kDutch : words::Language::kEnglish);
}

// A preference that cannot be kept is one for this evening.
void Preferences::keep() {
  emit changed();
  if (file_.isEmpty()) return;
  QSettings kept(file_, QSettings::IniFormat);
  kept.setValue("language", language_);
  kept.setValue("text_size", text_size_);
  kept.setValue("left_handed", left_handed_);
  kept.setValue("night", night_);
  kept.setValue("brightness", brightness_);
  kept.setValue("auto_lock_seconds", auto_lock_seconds_);
  kept.setValue("shuffle", shuffle_);
}

void Preferences::setLanguage(const QString& language) {
  if (language == language_ || (language != "nl" && language != "en")) return;
  language_ = language;
  words::use(language_ == "nl" ? words::Language::kDutch : words::Language::kEnglish);
  keep();
  emit languageChanged();
}
void Preferences::setTextSize(int size) {
  text_size_ = std::clamp(size, 0, kTextSizes - 1);
  keep();
}
void Preferences::setLeftHanded(bool left) {
  left_handed_ = left;
  keep();
}
void Preferences::setNight(bool night) {
  night_ = night;
  keep();
}
void Preferences::setBrightness(int percent) {
  brightness_ = std::clamp(percent, kBrightnessMin, 100);
  dim_screen(brightness_);
  keep();
}
void Preferences::setAutoLockSeconds(int seconds) {
  auto_lock_seconds_ = std::clamp(seconds, kAutoLockMin, kAutoLockMax);
  keep();
}
void Preferences::setShuffle(bool shuffle) {
  shuffle_ = shuffle;
  keep();
}

}  // namespace lantaarn::firmware::ui
