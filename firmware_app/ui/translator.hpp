#pragma once
// qsTr("ui:…") in a screen is a key of common/words.

#include <QTranslator>

namespace lantaarn::firmware::ui {

class Translator : public QTranslator {
  Q_OBJECT

 public:
  using QTranslator::QTranslator;
  [[nodiscard]] bool isEmpty() const override { return false; }
  [[nodiscard]] QString translate(const char* context, const char* source, const char* disambiguation, int n) const override;
};

}  // namespace lantaarn::firmware::ui
