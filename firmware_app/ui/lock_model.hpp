#pragma once
// The lock screen: who is there is a neutral shape, a PIN is typed digit by digit and never a text. Also whoever must show
// that it is she who goes on (leaving "samen lezen").

#include <QObject>
#include <QTimer>
#include <QVariant>

#include "common/crypto/secret.hpp"
#include "firmware_app/ui/app.hpp"

namespace lantaarn::firmware::ui {

class LockModel : public QObject {
  Q_OBJECT
  Q_PROPERTY(int users READ users NOTIFY usersChanged)
  Q_PROPERTY(int selected READ selected WRITE select NOTIFY selectedChanged)
  Q_PROPERTY(int length READ length NOTIFY typed)
  Q_PROPERTY(QVariantList digits READ digits NOTIFY usersChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY stateChanged)
  Q_PROPERTY(int waitSeconds READ waitSeconds NOTIFY stateChanged)
  Q_PROPERTY(QString message READ message NOTIFY stateChanged)
  Q_PROPERTY(bool ready READ ready NOTIFY usersChanged)
  Q_PROPERTY(bool wiping READ wiping NOTIFY stateChanged)
  Q_PROPERTY(bool remembered READ remembered NOTIFY stateChanged)
  Q_PROPERTY(bool needsTicket READ needsTicket NOTIFY stateChanged)

 public:
  LockModel(Office& office, App& app);

  [[nodiscard]] int users() const { return static_cast<int>(users_.size()); }
  [[nodiscard]] int selected() const { return selected_; }
  [[nodiscard]] int length() const { return static_cast<int>(pin_.size()); }
  [[nodiscard]] QVariantList digits() const { return digits_; }
  [[nodiscard]] bool busy() const { return busy_; }
  [[nodiscard]] int waitSeconds() const { return wait_seconds_; }
  [[nodiscard]] QString message() const { return message_; }
  /// The folder is open: somebody can be let in.
  [[nodiscard]] bool ready() const { return ready_; }

  /// It waits for a sync, which ends it; nobody can be let in.
  [[nodiscard]] bool wiping() const { return wiping_; }
  /// Only a ticket helps: this handheld, or her keys on it, are gone.
  [[nodiscard]] bool needsTicket() const { return needs_ticket_; }
  /// The two that were typed, when they are the same one. kRefused "pin_mismatch".
  [[nodiscard]] Result<crypto::SecretBytes> take_new_pin();
  /// Opens the folder; the screen is there already. One where nobody is enrolled yet shows how to begin.
  Q_INVOKABLE void open();
  Q_INVOKABLE void press(int digit);
  Q_INVOKABLE void erase();
  Q_INVOKABLE void clear();
  /// Lets her in.
  Q_INVOKABLE void enter();
  /// Whoever is at work shows that it is she. confirmed() when it is.
  Q_INVOKABLE void confirm();
  /// Another PIN for whoever is at work: typed, remembered, typed again. pinChanged() when it is hers.
  Q_INVOKABLE void remember();
  Q_INVOKABLE void change();
  [[nodiscard]] bool remembered() const { return first_.has_value(); }
  void select(int user);

 signals:
  void usersChanged();
  void selectedChanged();
  void typed();
  void stateChanged();
  void entered();
  void confirmed();
  void pinChanged();

 private:
  void refuse(const Error& error);
  void set_busy(bool busy);
  [[nodiscard]] crypto::SecretBytes take_pin();

  Office& office_;
  App& app_;
  std::vector<VaultUser> users_;
  std::vector<std::uint8_t> pin_;
  std::optional<crypto::SecretBytes> first_;
  QVariantList digits_;
  int selected_ = 0;
  bool busy_ = false;
  bool ready_ = false;
  bool wiping_ = false;
  bool needs_ticket_ = false;
  int wait_seconds_ = 0;
  QString message_;
  QTimer countdown_;
};

}  // namespace lantaarn::firmware::ui
