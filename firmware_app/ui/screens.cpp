#include "firmware_app/ui/screens.hpp"

#include <QCoreApplication>
#include <QQmlContext>
#include <QQuickWindow>

namespace lantaarn::firmware::ui {

void Screens::prepare() {
  // No board need have more, and no driver sees what is drawn.
  QQuickWindow::setGraphicsApi(QSGRendererInterface::Software);
  QCoreApplication::setApplicationName("lantaarn");
}

Screens::Screens(const std::string& folder, VaultOptions vault_options, std::shared_ptr<const Clock> clock)
    : office_(folder, std::move(vault_options), clock), app_(office_, folder, clock), refresh_(office_), lock_(office_, app_),
      enrol_(office_, app_, lock_), evening_(office_, app_, refresh_), people_(refresh_), contact_(office_, app_),
      woman_(office_, app_, refresh_), record_(office_, app_), sync_(office_, app_) {
  QCoreApplication::installTranslator(&translator_);
}

void Screens::serve(QQmlEngine& engine) {
  engine.addImportPath("qrc:/qt/qml");
  QQmlContext& context = *engine.rootContext();
  context.setContextProperty("app", &app_);
  context.setContextProperty("prefs", app_.preferences());
  context.setContextProperty("lock", &lock_);
  context.setContextProperty("enrol", &enrol_);
  context.setContextProperty("evening", &evening_);
  context.setContextProperty("people", &people_);
  context.setContextProperty("contact", &contact_);
  context.setContextProperty("woman", &woman_);
  context.setContextProperty("record", &record_);
  context.setContextProperty("sync", &sync_);
  QObject::connect(app_.preferences(), &Preferences::languageChanged, &engine, &QQmlEngine::retranslate);
}

}  // namespace lantaarn::firmware::ui
