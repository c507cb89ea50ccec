#pragma once
// One woman's card. Also the visits of the living room, which are about nobody.

#include <QObject>
#include <QTimer>
#include <QVariant>

#include "firmware_app/ui/app.hpp"
#include "firmware_app/ui/refresh.hpp"

namespace lantaarn::firmware::ui {

class WomanModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString clientId READ clientId NOTIFY cardChanged)
  Q_PROPERTY(QVariantMap card READ card NOTIFY cardChanged)
  Q_PROPERTY(int visits READ visits NOTIFY visitsChanged)
  Q_PROPERTY(bool visitsLoaded READ visitsLoaded NOTIFY visitsChanged)
  Q_PROPERTY(bool visitsSaved READ visitsSaved NOTIFY visitsChanged)

 public:
  WomanModel(Office& office, App& app, Refresh& refresh);

  [[nodiscard]] QString clientId() const { return client_id_; }
  /// {name, names, safeContact, intensity, lastSpoken, consent, attention, todo: […], goals: […], tonight: […]}.
  [[nodiscard]] QVariantMap card() const { return card_; }
  /// Of the living room, today.
  [[nodiscard]] int visits() const { return visits_; }
  [[nodiscard]] bool visitsSaved() const { return unsaved_visits_ == 0; }
  [[nodiscard]] bool visitsLoaded() const { return visits_loaded_; }

  Q_INVOKABLE void open(const QString& clientId);
  Q_INVOKABLE void addVisit(int delta);
  Q_INVOKABLE void loadVisits();

 signals:
  void cardChanged();
  void visitsChanged();

 private:
  [[nodiscard]] Refresh::Look look();
  void save_visits();

  Office& office_;
  App& app_;
  Refresh& refresh_;
  QString client_id_;
  QVariantMap card_;
  int visits_ = 0;          // as shown: saved and not
  int unsaved_visits_ = 0;  // of these
  bool visits_under_way_ = false;
  bool visits_loaded_ = false;
  QTimer visits_timer_;
};

}  // namespace lantaarn::firmware::ui
