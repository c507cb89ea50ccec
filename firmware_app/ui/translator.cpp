#include "firmware_app/ui/translator.hpp"

#include "common/words/words.hpp"

namespace lantaarn::firmware::ui {

QString Translator::translate(const char*, const char* source, const char*, int) const { return QString::fromStdString(words::text(source)); }

}  // namespace lantaarn::firmware::ui
