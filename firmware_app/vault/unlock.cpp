#include <algorithm>

#include "common/crypto/random.hpp"
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {

Status check_new_pin(const crypto::SecretBytes& pin, bool hardware_held) {
  const ByteView digits = pin.view();
  const bool only_digits = std::all_of(digits.begin(), digits.end(), [](std::uint8_t c) { return c >= '0' && c <= '9'; });
  if (!only_digits || digits.size() > kPinDigitsMax) return refused("pin_not_digits");
  const std::size_t fewest = hardware_held ? kPinDigitsMinHeld : kPinDigitsMin;
  if (digits.size() < fewest) return refused("pin_too_short", {std::to_string(fewest)});
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

// Overwritten in place, and the older pages in the write-ahead log with them. Her lease ends, so that what she could read
// goes too. The journal is another file and stays as it is.
Status Vault::State::destroy_slots(UserRow row) {
  row.slots = {random_slot(), random_slot()};
  row.destroyed = true;
  LANTAARN_ASSIGN(KeptLease lease, lease_of(row.ref));
  lease.ended = true;
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database));
    LANTAARN_TRY(put_row(row));
    LANTAARN_TRY(put_lease(row.ref, lease));
    LANTAARN_TRY(transaction.commit());
  }
  return forget_old();
}

Status Vault::State::note_wrong(const UserRow& row, int wrong, std::uint32_t most) {
  if (static_cast<std::uint32_t>(wrong) < most) return refused("wrong_pin");
  LANTAARN_TRY(destroy_slots(row));
  return refused("pin_destroyed");
}

Result<Opened> Vault::State::try_pin(UserRow row, const crypto::SecretBytes& pin, const ClockReading& now) {
  if (row.destroyed) return refused("pin_destroyed");
  LANTAARN_ASSIGN(const KeptLease lease, lease_of(row.ref));
  const std::uint32_t most = wrong_pins_max(lease.terms);
  // The last one was counted and its end not seen: whoever takes the power away then gets no attempt more for it.
  if (static_cast<std::uint32_t>(row.attempts.wrong) >= most) return note_wrong(row, row.attempts.wrong, most).error();
  if (const auto left = wait_left_ms(row.attempts, now); left > 0) {
    return refused("wait_before_pin", {std::to_string((left + 999) / 1000)});
  }
  const Attempts attempts = counted(row.attempts, now);
  LANTAARN_TRY(store_attempts(row.ref, attempts));
  auto key = pin_key(pin, row.salt, row.kdf);
  if (!key.ok()) {
    LANTAARN_TRY(store_attempts(row.ref, row.attempts));
    return std::move(key).error();
  }
  auto opened = open_slots(*key, row.salt, row.slots);
  if (!opened || opened->seeds.user != row.user.id) return note_wrong(row, attempts.wrong, most).error();
  return Opened{std::move(row), std::move(*opened), std::move(*key)};
}

Result<Access> Vault::State::note_unlock(Opened& opened, const ClockReading& now) {
  UserRow& row = opened.row;
  LANTAARN_ASSIGN(const ClockReading reading, judged(now));
  LANTAARN_ASSIGN(KeptLease lease, lease_of(row.ref));
  lease.use = counted_unlock(lease.use, reading);
  lease.ended = lease.ended || opened.slot.seeds.duress || has_ended(lease.terms, lease.use, reading);
  // Once the lease is over either PIN opens: whoever has the second one does not win himself new tries at hers by it.
  if (!lease.ended) row.attempts = Attempts{};
  row.slots[opened.slot.index] = seal_slot(opened.pin_key, row.salt, opened.slot.seeds);
  LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(database));
  LANTAARN_TRY(put_row(row));
  LANTAARN_TRY(put_lease(row.ref, lease));
  LANTAARN_TRY(transaction.commit());
  return Access{lease.ended, lease.terms.strict, opened.slot.seeds.duress};
}

Result<UnlockedUser> Vault::unlock(const VaultUser& user, const crypto::SecretBytes& pin, const ClockReading& now) {
  LANTAARN_ASSIGN(UserRow row, state_->row_of(user.id));
  if (row.pending) return refused("user_unknown");
  LANTAARN_ASSIGN(Opened opened, state_->try_pin(std::move(row), pin, now));
  LANTAARN_ASSIGN(const Access access, state_->note_unlock(opened, now));
  UserSeeds& seeds = opened.slot.seeds;
  return UnlockedUser{opened.row.user.id, opened.row.user.name, crypto::BoxKey(std::move(seeds.box)), crypto::SignKey(seeds.sign), access,
                      crypto::random_id<KeyId>(), crypto::random_secret<32>(), opened.slot.index, std::move(opened.pin_key)};
}

}  // namespace lantaarn::firmware
