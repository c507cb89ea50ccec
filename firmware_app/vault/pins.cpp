// PINs of a user who is at work: hers, and the one for when she is made to.
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {

// Not with the second PIN, nor in the state it shows: "pin_taken" would tell whoever has it when he met hers.
Status Vault::change_pin(const UnlockedUser& user, const crypto::SecretBytes& new_pin) {
  if (user.access.lease_ended) return refused("lease_ended");
  LANTAARN_TRY(check_new_pin(new_pin, state_->hardware_held));
  LANTAARN_ASSIGN(UserRow row, state_->row_of(user.id));
  // The salt stays: both slots share it, and the other slot's PIN is not here.
  LANTAARN_ASSIGN(const crypto::Key key, state_->pin_key(new_pin, row.salt, row.kdf));
  if (opens_slot(key, row.salt, row.slots[1 - user.slot])) return refused("pin_taken");
  auto opened = open_slots(user.pin_key, row.salt, row.slots);
  if (!opened || opened->index != user.slot) return bug("vault: the slot changed under its user");
  row.slots[user.slot] = seal_slot(key, row.salt, opened->seeds);
  LANTAARN_TRY(state_->put_row(row));
  return state_->forget_old();
}

Status Vault::set_duress_pin(const UnlockedUser& user, const crypto::SecretBytes& duress_pin) {
  if (user.access.lease_ended) return refused("lease_ended");
  LANTAARN_TRY(check_new_pin(duress_pin, state_->hardware_held));
  LANTAARN_ASSIGN(UserRow row, state_->row_of(user.id));
  LANTAARN_ASSIGN(const KeptLease lease, state_->lease_of(row.ref));
  if (!lease.terms.duress_pin) return refused("duress_not_permitted");
  LANTAARN_ASSIGN(const crypto::Key key, state_->pin_key(duress_pin, row.salt, row.kdf));
  if (opens_slot(key, row.salt, row.slots[user.slot])) return refused("pin_taken");
  const auto opened = open_slots(user.pin_key, row.salt, row.slots);
  if (!opened || opened->index != user.slot) return bug("vault: the slot changed under its user");
  row.slots[1 - user.slot] = seal_slot(key, row.salt, duress_seeds(opened->seeds));
  LANTAARN_TRY(state_->put_row(row));
  return state_->forget_old();
}

Status Vault::remove_duress_pin(const UnlockedUser& user) {
  if (user.access.lease_ended) return refused("lease_ended");
  LANTAARN_ASSIGN(UserRow row, state_->row_of(user.id));
  row.slots[1 - user.slot] = random_slot();
  LANTAARN_TRY(state_->put_row(row));
  return state_->forget_old();
}

}  // namespace lantaarn::firmware
