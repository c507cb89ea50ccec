#include <algorithm>

#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {

Status check_new_pin(const crypto::SecretBytes& pin) {
  const ByteView digits = pin.view();
  const bool only_digits = std::all_of(digits.begin(), digits.end(), [](std::uint8_t c) { return c >= '0' && c <= '9'; });
  if (!only_digits || digits.size() > kPinDigitsMax) return refused("pin_not_digits");
  if (digits.size() < kPinDigitsMin) return refused("pin_too_short", {std::to_string(kPinDigitsMin)});
  return {};
}

Result<std::vector<VaultUser>> Vault::users() {
  LANTAARN_ASSIGN(const auto rows, state_->rows());
  std::vector<VaultUser> users;
  for (const UserRow& row : rows) {
    if (!row.pending) users.push_back(row.user);
  }
  return users;
}

Result<VaultUser> Vault::find_user(std::string_view name) {
  if (!enrolled()) return refused("not_enrolled");
  LANTAARN_ASSIGN(const auto known, users());
  if (name.empty()) {
    if (known.size() != 1) return refused("user_needed");
    return known.front();
  }
  const auto found = std::find_if(known.begin(), known.end(), [&](const VaultUser& user) { return user.name == name; });
  if (found == known.end()) return refused("user_unknown");
  return *found;
}

Result<crypto::Key> Vault::State::pin_key(const crypto::SecretBytes& pin, ByteView salt, const crypto::KdfParameters& kdf) {
  crypto::SecretBytes joined(pin.size() + crypto::Key::kBytes);
  std::copy(pin.view().begin(), pin.view().end(), joined.data());
  std::copy(device_secret.view().begin(), device_secret.view().end(), joined.data() + pin.size());
  return options.pin_kdf(joined.view(), salt, kdf);
}

Result<OpenedSlot> Vault::State::try_pin(const UserRow& row, const crypto::SecretBytes& pin, const ClockReading& now) {
  if (const auto left = wait_left_ms(row.attempts, now); left > 0) {
    return refused("wait_before_pin", {std::to_string((left + 999) / 1000)});
  }
  LANTAARN_TRY(store_attempts(row.ref, counted(row.attempts, now)));
  auto key = pin_key(pin, row.salt, row.kdf);
  if (!key.ok()) {
    LANTAARN_TRY(store_attempts(row.ref, row.attempts));
    return std::move(key).error();
  }
  auto opened = open_slots(*key, row.salt, row.slots);
  if (!opened || opened->seeds.user != row.user.id) return refused("wrong_pin");
  LANTAARN_TRY(store_attempts(row.ref, Attempts{}));
  return std::move(*opened);
}

Result<UnlockedUser> Vault::unlock(const VaultUser& user, const crypto::SecretBytes& pin, const ClockReading& now) {
  LANTAARN_ASSIGN(const UserRow row, state_->row_of(user.id));
  if (row.pending) return refused("user_unknown");
  LANTAARN_ASSIGN(OpenedSlot opened, state_->try_pin(row, pin, now));
  return UnlockedUser{row.user.id, row.user.name, crypto::BoxKey(std::move(opened.seeds.box)), crypto::SignKey(opened.seeds.sign)};
}

Status Vault::change_pin(const VaultUser& user, const crypto::SecretBytes& pin, const crypto::SecretBytes& new_pin,
                         const ClockReading& now) {
  LANTAARN_TRY(check_new_pin(new_pin));
  LANTAARN_ASSIGN(UserRow row, state_->row_of(user.id));
  if (row.pending) return refused("user_unknown");
  LANTAARN_ASSIGN(const OpenedSlot opened, state_->try_pin(row, pin, now));
  // The salt stays: both slots share it, and the other slot's PIN is not here.
  LANTAARN_ASSIGN(const crypto::Key key, state_->pin_key(new_pin, row.salt, row.kdf));
  row.slots[opened.index] = seal_slot(key, row.salt, opened.seeds);
  return state_->put_row(row);
}

}  // namespace lantaarn::firmware
