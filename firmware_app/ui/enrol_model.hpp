#pragma once
// First use of a handheld, and a further user of one: a ticket from a stick, who of those it names, a PIN typed twice.

#include <QObject>
#include <QVariant>

#include "firmware_app/handheld/tickets.hpp"
#include "firmware_app/ui/lock_model.hpp"

namespace lantaarn::firmware::ui {

class EnrolModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(QVariantList tickets READ tickets NOTIFY changed)
  Q_PROPERTY(bool looking READ looking NOTIFY changed)
  Q_PROPERTY(bool chosen READ chosen NOTIFY changed)
  Q_PROPERTY(QStringList users READ users NOTIFY changed)
  Q_PROPERTY(QString user READ user WRITE setUser NOTIFY changed)
  Q_PROPERTY(bool asksAddress READ asksAddress NOTIFY changed)
  Q_PROPERTY(QString address READ address WRITE setAddress NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY changed)
  Q_PROPERTY(QString message READ message NOTIFY changed)

 public:
  EnrolModel(Office& office, App& app, LockModel& lock);

  /// {name, stick}.
  [[nodiscard]] QVariantList tickets() const { return tickets_; }
  [[nodiscard]] bool looking() const { return looking_; }
  [[nodiscard]] bool chosen() const { return !path_.empty(); }
  /// Whom the chosen ticket names.
  [[nodiscard]] QStringList users() const { return users_; }
  [[nodiscard]] QString user() const { return user_; }
  /// The ticket names no server, or it was not found there.
  [[nodiscard]] bool asksAddress() const { return asks_address_; }
  [[nodiscard]] QString address() const { return address_; }
  [[nodiscard]] bool busy() const { return busy_; }
  /// What went wrong, and what to do.
  [[nodiscard]] QString message() const { return message_; }

  void setUser(const QString& name);
  void setAddress(const QString& address);
  /// Looks for tickets anew; what was chosen is forgotten.
  Q_INVOKABLE void look();
  Q_INVOKABLE void choose(int ticket);
  /// With the PIN that was typed twice (LockModel::remember). The first user of a handheld comes to the lock screen; beside
  /// others it locks.
  Q_INVOKABLE void enrol();

 signals:
  void changed();

 private:
  void refuse(const Error& error);

  Office& office_;
  App& app_;
  LockModel& lock_;
  std::vector<TicketFile> found_;
  QVariantList tickets_;
  std::string path_;
  QStringList users_;
  QString user_, address_, message_;
  bool looking_ = false;
  bool asks_address_ = false;
  bool busy_ = false;
};

}  // namespace lantaarn::firmware::ui
