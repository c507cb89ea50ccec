#include "firmware_app/ui/enrol_model.hpp"

#include "common/words/words.hpp"
#include "firmware_app/handheld/enrol.hpp"
#include "firmware_app/ui/rows.hpp"

namespace lantaarn::firmware::ui {
namespace {

struct Named {
  QStringList users;
  QString address;
};

// What is open already is a handheld that gets one more user. True for that.
Result<bool> enrol_in(Hand& hand, const sync::Ticket& ticket, const crypto::SecretBytes& pin, EnrolAs as) {
  if (hand.folder) {
    as.further = true;
    LANTAARN_TRY(enrol_user(hand.folder->vault, ticket, pin, as));
    LANTAARN_ASSIGN(hand.folder->server, hand.folder->vault.server());
    return true;
  }
  LANTAARN_ASSIGN(NewFolder made, open_or_make_folder(hand.path, "", hand.vault_options));
  if (made.vault.enrolled()) return refused("already_enrolled");
  LANTAARN_TRY(enrol_user(made.vault, ticket, pin, as));
  return false;
}

}  // namespace

EnrolModel::EnrolModel(Office& office, App& app, LockModel& lock) : office_(office), app_(app), lock_(lock) {}

void EnrolModel::look() {
  if (looking_ || busy_) return;
  looking_ = true;
  path_.clear();
  message_.clear();
  emit changed();
  office_.ask([](Hand&) -> Result<std::vector<TicketFile>> { return find_tickets(); },
              [this](Result<std::vector<TicketFile>> found) {
                looking_ = false;
                tickets_.clear();
                if (!found.ok()) return refuse(found.error());
                found_ = std::move(*found);
                for (const TicketFile& each : found_) tickets_.append(QVariantMap{{"name", plain(each.name)}, {"stick", plain(each.stick)}});
                emit changed();
              });
}

void EnrolModel::choose(int ticket) {
  if (busy_ || ticket < 0 || ticket >= static_cast<int>(found_.size())) return;
  message_.clear();
  office_.ask(
      [path = found_[static_cast<std::size_t>(ticket)].path](Hand&) -> Result<Named> {
        LANTAARN_ASSIGN(const sync::Ticket read, ticket_from(path));
        Named named{{}, shown(read.server_address)};
        for (const auto& user : read.users) named.users.append(shown(user.name));
        return named;
      },
      [this, path = found_[static_cast<std::size_t>(ticket)].path](const Result<Named>& named) {
        if (!named.ok()) return refuse(named.error());
        path_ = path;
        users_ = named->users;
        user_ = users_.size() == 1 ? users_.front() : QString();
        address_ = named->address;
        asks_address_ = address_.isEmpty();
        lock_.clear();
        lock_.remember();
        emit changed();
      });
}

void EnrolModel::setUser(const QString& name) {
  user_ = name;
  emit changed();
}

void EnrolModel::setAddress(const QString& address) {
  if (address == address_) return;
  address_ = address;
  emit changed();
}

void EnrolModel::enrol() {
  if (busy_ || path_.empty() || user_.isEmpty()) return;
  auto typed = lock_.take_new_pin();
  if (!typed.ok()) return refuse(typed.error());
  busy_ = true;
  message_.clear();
  emit changed();
  office_.ask(
      [this, path = path_, as = EnrolAs{user_.toStdString(), address_.trimmed().toStdString()},
       pin = std::make_shared<crypto::SecretBytes>(std::move(*typed))](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(const sync::Ticket ticket, ticket_from(path));
        // A cut costs nothing: the ticket goes on where it was.
        const Office::Interruptible interruptible(office_);
        return enrol_in(hand, ticket, *pin, as);
      },
      [this](const Result<bool>& further) {
        busy_ = false;
        if (!further.ok()) return refuse(further.error());
        path_.clear();
        emit changed();
        if (*further) return app_.hide();
        app_.home();
        lock_.open();
      });
}

// Another ticket is chosen after one that is of no use; else the PIN is typed anew.
void EnrolModel::refuse(const Error& error) {
  message_ = text_of(words::sentence(error));
  asks_address_ |= error.code == "server_unreachable" || error.code == "address_invalid" || error.code == "address_needed";
  const bool is_spent = error.code.starts_with("ticket_") || error.code == "file_unreadable" || error.code == "name_taken";
  if (is_spent) path_.clear();
  emit changed();
}

}  // namespace lantaarn::firmware::ui
