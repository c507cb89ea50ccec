#pragma once
// Vanavond: the round, tonight's contacts, and the truth about what is saved, received and merged. Also follow-ups.

#include <QObject>
#include <QVariant>

#include "firmware_app/ui/app.hpp"
#include "firmware_app/ui/refresh.hpp"

namespace lantaarn::firmware::ui {

class EveningModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(bool loaded READ loaded NOTIFY changed)
  Q_PROPERTY(QString userName READ userName NOTIFY changed)
  Q_PROPERTY(bool roundOpen READ roundOpen NOTIFY changed)
  Q_PROPERTY(int heads READ heads NOTIFY changed)
  Q_PROPERTY(bool leaseEnded READ leaseEnded NOTIFY changed)
  Q_PROPERTY(bool strict READ strict NOTIFY changed)
  Q_PROPERTY(QString leaseText READ leaseText NOTIFY changed)
  Q_PROPERTY(QString standing READ standing NOTIFY changed)
  Q_PROPERTY(QString warning READ warning NOTIFY changed)
  Q_PROPERTY(QVariantList contacts READ contacts NOTIFY changed)
  Q_PROPERTY(QVariantList drafts READ drafts NOTIFY changed)
  Q_PROPERTY(QVariantList followUps READ followUps NOTIFY changed)
  Q_PROPERTY(QVariantList places READ places NOTIFY changed)
  Q_PROPERTY(bool dayKnown READ dayKnown NOTIFY changed)
  Q_PROPERTY(bool dayDoubtful READ dayDoubtful NOTIFY changed)
  Q_PROPERTY(QString lastDay READ lastDay NOTIFY changed)
  Q_PROPERTY(QVariantList earlier READ earlier NOTIFY earlierChanged)

 public:
  struct Shown {
    QString user_name, lease_text, standing, warning, last_day;
    bool round_open = false, lease_ended = false, strict = false, day_known = true, day_doubtful = false;
    int heads = 0;
    QVariantList contacts, drafts, follow_ups, places;
  };
  EveningModel(Office& office, App& app, Refresh& refresh);

  [[nodiscard]] bool loaded() const { return loaded_; }
  [[nodiscard]] QString userName() const { return seen_.user_name; }
  [[nodiscard]] bool roundOpen() const { return seen_.round_open; }
  /// Of the open round; 0 in strict mode, where nobody can add up.
  [[nodiscard]] int heads() const { return seen_.heads; }
  [[nodiscard]] bool leaseEnded() const { return seen_.lease_ended; }
  [[nodiscard]] bool strict() const { return seen_.strict; }
  /// "Te gebruiken t/m vrijdag".
  [[nodiscard]] QString leaseText() const { return seen_.lease_text; }
  /// "12 bewaard, nog niet verstuurd".
  [[nodiscard]] QString standing() const { return seen_.standing; }
  /// What a tired person must know now: damage, little room. "" when all is well.
  [[nodiscard]] QString warning() const { return seen_.warning; }
  [[nodiscard]] QVariantList contacts() const { return seen_.contacts; }
  [[nodiscard]] QVariantList drafts() const { return seen_.drafts; }
  [[nodiscard]] QVariantList followUps() const { return seen_.follow_ups; }
  [[nodiscard]] QVariantList places() const { return seen_.places; }
  /// Which day it is; where the clock lost its battery, only once she has said so.
  [[nodiscard]] bool dayKnown() const { return seen_.day_known; }
  [[nodiscard]] bool dayDoubtful() const { return seen_.day_doubtful; }
  /// A day that is known to have been: the server's, when it was last heard.
  [[nodiscard]] QString lastDay() const { return seen_.last_day; }
  /// Own contacts that can be corrected and no longer be read: {id, clientId, who, time, amended, retracted}.
  [[nodiscard]] QVariantList earlier() const { return earlier_; }

  Q_INVOKABLE void reload();
  /// Whether a lease has run out while she works: then it locks. Once a minute by itself.
  void look_at_lease();
  Q_INVOKABLE void startRound(const QStringList& places, const QString& colleagues);
  Q_INVOKABLE void endRound();
  /// Those that are saved as contacts need no completing any more; what was typed and is not saved stays.
  Q_INVOKABLE void leaveDrafts();
  Q_INVOKABLE void dropDraft(const QString& id);
  Q_INVOKABLE void count(int delta);
  Q_INVOKABLE void finish(const QString& followUp);
  Q_INVOKABLE void loadEarlier();
  /// "2026-11-26": until it locks.
  Q_INVOKABLE void tellDay(const QString& date);
  /// Another day, for people; "" for no date.
  Q_INVOKABLE QString dayText(const QString& date) const;
  Q_INVOKABLE QString dayAfter(const QString& date, int days) const;

 signals:
  void changed();
  void earlierChanged();
  void dayTold();
  void roundStarted();
  void roundEnded();
  void draftsOpen();

 private:
  template <typename Work>
  void save(Work work, const char* key);

  Office& office_;
  App& app_;
  Refresh& refresh_;
  Shown seen_;
  QVariantList earlier_;
  QTimer lease_{this};
  bool loaded_ = false;
  bool saving_ = false;  // what was asked once is not asked twice
};

}  // namespace lantaarn::firmware::ui
