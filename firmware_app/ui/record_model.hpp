#pragma once
// One thing to write down that is no contact: a form of qml/Forms.qml being filled in. What is typed is kept as a draft while
// she types, as a contact's is.

#include <QObject>
#include <QTimer>
#include <QVariant>

#include "firmware_app/ui/app.hpp"

namespace lantaarn::firmware::ui {

class RecordModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString form READ form NOTIFY begun)
  Q_PROPERTY(QString clientId READ clientId NOTIFY begun)
  Q_PROPERTY(QString goal READ goal NOTIFY begun)
  Q_PROPERTY(QVariantMap values READ values NOTIFY changed)
  Q_PROPERTY(bool saving READ saving NOTIFY savingChanged)

 public:
  RecordModel(Office& office, App& app);

  [[nodiscard]] QString form() const { return form_; }
  [[nodiscard]] QString clientId() const { return client_id_; }
  /// Of which goal it is a step; "": of none.
  [[nodiscard]] QString goal() const { return goal_; }
  /// As typed, by field.
  [[nodiscard]] QVariantMap values() const { return values_; }
  /// What was asked to be saved is not yet: nobody asks twice.
  [[nodiscard]] bool saving() const { return saving_; }

  Q_INVOKABLE void begin(const QString& form, const QString& clientId, const QString& goal = {});
  /// A kept draft of a form: a row of EveningModel's drafts. begun() once it is there.
  Q_INVOKABLE void resume(const QString& draftId);
  Q_INVOKABLE void put(const QString& field, const QString& value);
  /// What a form says before anything is typed: not kept as typed.
  Q_INVOKABLE void suggest(const QVariantMap& values);
  /// A record of `kind` (record_kinds.hpp) of what the form makes of its values; "today" and "in N days" stand for dates.
  /// saved() when it is; the draft is gone then.
  Q_INVOKABLE void save(const QString& kind, const QString& clientId, const QVariantMap& fields);
  /// Leaves the form: what was typed stays as a draft.
  Q_INVOKABLE void leave();
  /// The same for what is no form (hours).
  Q_INVOKABLE void add(const QString& kind, const QString& clientId, const QVariantMap& fields);
  /// {code, word} of a list.
  Q_INVOKABLE void fetchChoices(const QString& list);

 signals:
  void begun();
  void changed();
  void savingChanged();
  void choicesFetched(const QString& list, const QVariantList& choices);
  void saved();

 private:
  void clear();
  void keep_now();
  void store(const QString& kind, const QString& clientId, const QVariantMap& fields, const DraftChange& change);

  Office& office_;
  App& app_;
  QString form_, client_id_, goal_;
  QVariantMap values_;
  std::optional<DraftId> draft_id_;
  std::int64_t begun_ms_ = 0;
  bool touched_ = false;
  bool saving_ = false;
  bool said_not_kept_ = false;
  QTimer keep_timer_;
};

}  // namespace lantaarn::firmware::ui
