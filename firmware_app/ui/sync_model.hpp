#pragma once
// Synchroniseren: how far it is, what a failure means, and when the handheld can be put away.

#include <QElapsedTimer>
#include <QObject>

#include "firmware_app/ui/app.hpp"

namespace lantaarn::firmware::ui {

class SyncModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(QString state READ state NOTIFY changed)
  Q_PROPERTY(int sent READ sent NOTIFY changed)
  Q_PROPERTY(int total READ total NOTIFY changed)
  Q_PROPERTY(int received READ received NOTIFY changed)
  Q_PROPERTY(int secondsLeft READ secondsLeft NOTIFY changed)
  Q_PROPERTY(QString headline READ headline NOTIFY changed)
  Q_PROPERTY(QString trouble READ trouble NOTIFY changed)
  Q_PROPERTY(QString nothingLost READ nothingLost NOTIFY changed)

 public:
  SyncModel(Office& office, App& app);

  /// "idle", "running", "done", "failed", "wiped".
  [[nodiscard]] QString state() const { return state_; }
  [[nodiscard]] int sent() const { return sent_; }
  [[nodiscard]] int total() const { return total_; }
  [[nodiscard]] int received() const { return received_; }
  /// -1: not known yet.
  [[nodiscard]] int secondsLeft() const { return seconds_left_; }
  [[nodiscard]] QString headline() const { return headline_; }
  /// What went wrong and what to do.
  [[nodiscard]] QString trouble() const { return trouble_; }
  /// "Niets kwijt: 12 contacten staan veilig op dit apparaat".
  [[nodiscard]] QString nothingLost() const { return nothing_lost_; }

  /// `address`: where the server is found now, kept when it was; empty: where it was found last.
  Q_INVOKABLE void start(const QString& address = {});
  /// The screen is opened: what was said the last time is old.
  Q_INVOKABLE void look();

 signals:
  void changed();

 private:
  void show(const sync::SyncProgress& progress);

  Office& office_;
  App& app_;
  QString state_ = "idle", headline_, trouble_, nothing_lost_;
  int sent_ = 0, total_ = 0, received_ = 0, seconds_left_ = -1;
  QElapsedTimer since_;
};

}  // namespace lantaarn::firmware::ui
