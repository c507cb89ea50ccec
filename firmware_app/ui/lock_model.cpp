#include "firmware_app/ui/lock_model.hpp"

#include <algorithm>
#include <charconv>

#include "common/crypto/random.hpp"
#include "common/words/words.hpp"

namespace lantaarn::firmware::ui {
namespace {

constexpr std::size_t kTypedMax = 64;
constexpr std::uint64_t kWarnDays = 14;

// 1 … 9, 0; or in an order that nobody can read off a finger.
QVariantList pad_digits(bool shuffled) {
  std::vector<int> digits{1, 2, 3, 4, 5, 6, 7, 8, 9, 0};
  for (std::size_t i = digits.size(); shuffled && i > 1; --i) {
    std::swap(digits[i - 1], digits[crypto::random_u64() % i]);
  }
  QVariantList made;
  for (const int digit : digits) made.append(digit);
  return made;
}

Status open_for(Hand& hand) {
  if (hand.folder) return {};
  LANTAARN_ASSIGN(auto folder, open_folder(hand.path, kWarnDays, WhileWiping::kGoesOn, hand.vault_options));
  folder->clock = FolderClock(hand.clock);
  hand.folder = std::move(folder);
  return {};
}

}  // namespace

LockModel::LockModel(Office& office, App& app) : office_(office), app_(app) {
  pin_.reserve(kTypedMax);
  digits_ = pad_digits(app.preferences()->shuffle());
  countdown_.setInterval(1000);
  connect(&countdown_, &QTimer::timeout, this, [this] {
    if (--wait_seconds_ > 0) return emit stateChanged();
    countdown_.stop();
    wait_seconds_ = 0;
    message_.clear();
    emit stateChanged();
  });
}

void LockModel::open() {
  office_.ask(
      [](Hand& hand) -> Result<std::vector<VaultUser>> {
        LANTAARN_TRY(open_for(hand));
        LANTAARN_TRY(hand.folder->leases);
        if (hand.folder->wiping) return refused("device_wiping");
        return hand.folder->vault.users();
      },
      [this](Result<std::vector<VaultUser>> users) {
        wiping_ = !users.ok() && users.error().code == "device_wiping";
        if (!users.ok() && users.error().code == "not_enrolled") return app_.go("enrol");
        if (!users.ok()) return refuse(users.error());
        users_ = std::move(*users);
        ready_ = true;
        emit usersChanged();
      });
}

void LockModel::press(int digit) {
  if (busy_ || wait_seconds_ > 0 || pin_.size() >= kTypedMax || digit < 0 || digit > 9) return;
  if (pin_.empty()) message_.clear();
  pin_.push_back(static_cast<std::uint8_t>('0' + digit));
  emit typed();
  emit stateChanged();
}

void LockModel::erase() {
  if (pin_.empty()) return;
  pin_.back() = 0;
  pin_.pop_back();
  emit typed();
}

void LockModel::clear() {
  std::fill(pin_.begin(), pin_.end(), std::uint8_t{0});
  pin_.clear();
  emit typed();
}

crypto::SecretBytes LockModel::take_pin() {
  crypto::SecretBytes pin{ByteView(pin_)};
  clear();
  return pin;
}

void LockModel::select(int user) {
  if (user < 0 || user >= users() || user == selected_) return;
  selected_ = user;
  // A wait is the other one's; the vault knows whether this one has to wait too.
  countdown_.stop();
  wait_seconds_ = 0;
  message_.clear();
  needs_ticket_ = false;
  clear();
  emit selectedChanged();
  emit stateChanged();
}

void LockModel::set_busy(bool busy) {
  busy_ = busy;
  emit stateChanged();
}

void LockModel::refuse(const Error& error) {
  needs_ticket_ = error.code == "device_wiped" || error.code == "pin_destroyed";
  message_ = text_of(words::sentence(error));
  if (error.code == "wait_before_pin" && !error.args.empty()) {
    std::from_chars(error.args[0].data(), error.args[0].data() + error.args[0].size(), wait_seconds_);
    countdown_.start();
  }
  set_busy(false);
}

void LockModel::enter() {
  if (busy_ || pin_.empty() || !ready_ || users_.empty()) return;
  set_busy(true);
  auto pin = std::make_shared<crypto::SecretBytes>(take_pin());
  office_.ask(
      [pin, user = users_[static_cast<std::size_t>(selected_)]](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(hand.session, begin_session(hand.folder, user, *pin, Cards::kNone));
        return true;
      },
      [this](Result<bool> opened) {
        if (!opened.ok()) return refuse(opened.error());
        message_.clear();
        set_busy(false);
        app_.unlocked();
        emit entered();
        emit office_.changed();
      });
}

void LockModel::remember() {
  message_.clear();
  first_.reset();
  if (!pin_.empty()) first_.emplace(take_pin());
  emit stateChanged();
}

Result<crypto::SecretBytes> LockModel::take_new_pin() {
  crypto::SecretBytes pin = take_pin();
  const bool same = first_ && crypto::equal(pin.view(), first_->view());
  first_.reset();
  emit stateChanged();
  if (!same) return refused("pin_mismatch");
  return pin;
}

void LockModel::change() {
  if (busy_ || pin_.empty() || !first_) return;
  auto typed_twice = take_new_pin();
  if (!typed_twice.ok()) return refuse(typed_twice.error());
  auto pin = std::make_shared<crypto::SecretBytes>(std::move(*typed_twice));
  set_busy(true);
  office_.ask(
      [pin](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        LANTAARN_TRY(hand.folder->vault.change_pin(session->user, *pin));
        return true;
      },
      [this](const Result<bool>& changed_now) {
        if (!changed_now.ok()) return refuse(changed_now.error());
        set_busy(false);
        emit pinChanged();
      });
}

void LockModel::confirm() {
  if (busy_ || pin_.empty()) return;
  set_busy(true);
  auto pin = std::make_shared<crypto::SecretBytes>(take_pin());
  office_.ask(
      [pin](Hand& hand) -> Result<bool> {
        LANTAARN_ASSIGN(Session * session, hand.at_work());
        const VaultUser user{session->user.id, session->user.name};
        // An unlock like any other: it is noted, and the second PIN ends the lease.
        LANTAARN_ASSIGN(hand.session, begin_session(hand.folder, user, *pin, Cards::kNone));
        return !hand.session->user.access.lease_ended;
      },
      [this](Result<bool> confirmed_now) {
        if (!confirmed_now.ok()) return refuse(confirmed_now.error());
        set_busy(false);
        if (!*confirmed_now) return app_.hide();
        emit confirmed();
      });
}

}  // namespace lantaarn::firmware::ui
