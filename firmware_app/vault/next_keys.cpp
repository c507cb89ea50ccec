#include <algorithm>

#include "common/crypto/random.hpp"
#include "firmware_app/vault/state.hpp"

namespace lantaarn::firmware {
namespace {

ChannelKeys keys_from(const crypto::SecretBytes& raw) {
  return {std::move(*crypto::Key::from(raw.view().first(32))), std::move(*crypto::Key::from(raw.view().last(32)))};
}

}  // namespace

Result<std::optional<ChannelKeys>> Vault::next_channel_keys() {
  LANTAARN_ASSIGN(const auto raw, state_->get(Record::kNextKeys, {}));
  if (!raw) return std::optional<ChannelKeys>();
  if (raw->size() != 64) return state_->damaged();
  return std::optional(keys_from(*raw));
}

Result<crypto::DhPublicKey> Vault::keep_next_keys(const crypto::Key& psk) {
  LANTAARN_ASSIGN(const auto kept, next_channel_keys());
  const crypto::Key private_key = kept ? kept->private_key.duplicate() : crypto::random_secret<32>();
  crypto::SecretBytes both(64);
  std::copy(private_key.view().begin(), private_key.view().end(), both.data());
  std::copy(psk.view().begin(), psk.view().end(), both.data() + 32);
  LANTAARN_TRY(state_->put(Record::kNextKeys, {}, both.view()));
  return crypto::dh_public(private_key);
}

Status Vault::adopt_next_keys() {
  LANTAARN_ASSIGN(const auto raw, state_->get(Record::kNextKeys, {}));
  if (!raw) return {};
  {
    LANTAARN_ASSIGN(auto transaction, database::Transaction::begin(state_->database));
    LANTAARN_TRY(state_->put(Record::kChannelKeys, {}, raw->view()));
    LANTAARN_TRY(state_->remove(Record::kNextKeys, {}));
    LANTAARN_TRY(transaction.commit());
  }
  return state_->database.checkpoint_truncate();
}

Result<Bytes> Vault::code_lists() {
  LANTAARN_ASSIGN(const auto stated, state_->get(Record::kCodeLists, {}));
  return stated ? to_bytes(stated->view()) : Bytes();
}

Status Vault::set_code_lists(ByteView stated) { return state_->put(Record::kCodeLists, {}, stated); }

}  // namespace lantaarn::firmware
