#pragma once
// One woman's card, and what can be written down about her beside a contact. Also what the programme writes down about
// nobody: visits in the living room, hours, bottlenecks.

#include <QObject>
#include <QVariant>

#include "firmware_app/ui/app.hpp"

namespace lantaarn::firmware::ui {

class WomanModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString clientId READ clientId NOTIFY cardChanged)
  Q_PROPERTY(QVariantMap card READ card NOTIFY cardChanged)
  Q_PROPERTY(bool saving READ saving NOTIFY savingChanged)
  Q_PROPERTY(int visits READ visits NOTIFY visitsChanged)
  Q_PROPERTY(bool visitsLoaded READ visitsLoaded NOTIFY visitsChanged)
  Q_PROPERTY(bool visitsSaved READ visitsSaved NOTIFY visitsChanged)

 public:
  WomanModel(Office& office, App& app);

  [[nodiscard]] QString clientId() const { return client_id_; }
  /// {name, names, safeContact, intensity, lastSpoken, consent, attention, todo: […], goals: […], tonight: […]}.
  [[nodiscard]] QVariantMap card() const { return card_; }
  /// Of the living room, today.
  [[nodiscard]] int visits() const { return visits_; }
  [[nodiscard]] bool visitsSaved() const { return unsaved_visits_ == 0; }
  [[nodiscard]] bool visitsLoaded() const { return visits_loaded_; }
  /// What was asked to be saved is not yet: nobody asks twice.
  [[nodiscard]] bool saving() const { return saving_; }

  Q_INVOKABLE void open(const QString& clientId);
  /// {code, word} of a list.
  Q_INVOKABLE void fetchChoices(const QString& list);
  /// A record of `kind` (record_kinds.hpp); "today" and "in N days" stand for dates. saved() when it is.
  Q_INVOKABLE void add(const QString& kind, const QString& clientId, const QVariantMap& fields);
  Q_INVOKABLE void addVisit(int delta);
  Q_INVOKABLE void loadVisits();

 signals:
  void cardChanged();
  void visitsChanged();
  void savingChanged();
  void choicesFetched(const QString& list, const QVariantList& choices);
  void saved();

 private:
  void reload();
  void save_visits();

  Office& office_;
  App& app_;
  QString client_id_;
  QVariantMap card_;
  int visits_ = 0;          // as shown: saved and not
  int unsaved_visits_ = 0;  // of these
  bool visits_under_way_ = false;
  bool visits_loaded_ = false;
  bool saving_ = false;
  QTimer visits_timer_;
};

}  // namespace lantaarn::firmware::ui
