#include "sync_server/admin/keys.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::string_view kSealing = "sealing";
constexpr std::string_view kAuthority = "authority";
constexpr std::string_view kReceipt = "receipt";
constexpr std::string_view kChannel = "channel";
constexpr std::string_view kMigration = "migration";
constexpr std::string_view kPsk = "psk";
constexpr std::string_view kPreviousKeys = "previous_keys";  // channel key 32 ‖ PSK 32; empty: none
constexpr std::string_view kAddress = "address";

Status put_new(Change& change, std::string_view name) {
  const auto secret = crypto::random_secret<crypto::Key::kBytes>();
  return change.put_secret(name, {}, secret.view());
}

Result<crypto::Key> load(Registry& registry, std::string_view name) {
  LANTAARN_ASSIGN(auto stored, registry.secret(name));
  auto key = stored ? crypto::Key::from(stored->view()) : std::nullopt;
  if (!key) return corrupt("record_unreadable");
  return std::move(*key);
}

}  // namespace

Status make_keys(Registry& registry) {
  LANTAARN_ASSIGN(auto change, registry.begin());
  LANTAARN_TRY(change->put_server({crypto::random_id<ServerId>(), kFirstEpoch}));
  for (const std::string_view name : {kSealing, kAuthority, kReceipt, kChannel}) LANTAARN_TRY(put_new(*change, name));
  return change->commit();
}

Result<Keys> load_keys(Registry& registry) {
  LANTAARN_ASSIGN(const auto server, registry.server());
  if (!server) return refused("not_initialised");
  LANTAARN_ASSIGN(crypto::Key sealing, load(registry, kSealing));
  LANTAARN_ASSIGN(const crypto::Key authority, load(registry, kAuthority));
  LANTAARN_ASSIGN(crypto::Key receipt, load(registry, kReceipt));
  LANTAARN_ASSIGN(crypto::Key channel, load(registry, kChannel));
  return Keys{*server, crypto::BoxKey(std::move(sealing)), crypto::SignKey(authority), std::move(receipt), std::move(channel)};
}

Result<std::optional<crypto::BoxKey>> stored_migration_key(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kMigration));
  if (!stored) return std::optional<crypto::BoxKey>();
  LANTAARN_ASSIGN(crypto::Key key, load(registry, kMigration));
  return std::optional(crypto::BoxKey(std::move(key)));
}

Result<crypto::BoxKey> migration_key(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kMigration));
  if (!stored) {
    LANTAARN_ASSIGN(const auto change, registry.begin());
    LANTAARN_TRY(put_new_migration_key(*change));
    LANTAARN_TRY(change->commit());
  }
  LANTAARN_ASSIGN(crypto::Key key, load(registry, kMigration));
  return crypto::BoxKey(std::move(key));
}

Status put_new_migration_key(Change& change) { return put_new(change, kMigration); }

Result<std::optional<crypto::Key>> device_psk(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(auto stored, registry.secret(kPsk, device.view()));
  if (!stored) return std::optional<crypto::Key>();
  auto key = crypto::Key::from(stored->view());
  if (!key) return corrupt("record_unreadable");
  return key;
}

Status put_device_psk(Change& change, const DeviceId& device, const crypto::Key& psk) {
  return change.put_secret(kPsk, device.view(), psk.view());
}

Result<std::optional<PreviousKeys>> previous_keys(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kPreviousKeys, device.view()));
  if (!stored || stored->size() == 0) return std::optional<PreviousKeys>();
  if (stored->size() != 64) return corrupt("record_unreadable");
  return std::optional(PreviousKeys{*to_array<32>(stored->view().first(32)), std::move(*crypto::Key::from(stored->view().last(32)))});
}

Status put_previous_keys(Change& change, const DeviceId& device, const std::optional<PreviousKeys>& keys) {
  if (!keys) return change.put_secret(kPreviousKeys, device.view(), {});
  crypto::SecretBytes both(64);
  std::copy(keys->channel_key.begin(), keys->channel_key.end(), both.data());
  std::copy(keys->psk.view().begin(), keys->psk.view().end(), both.data() + 32);
  return change.put_secret(kPreviousKeys, device.view(), both.view());
}

Result<std::string> told_address(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kAddress, device.view()));
  return stored ? to_string(stored->view()) : std::string();
}

Status put_told_address(Change& change, const DeviceId& device, std::string_view address) {
  return change.put_secret(kAddress, device.view(), as_bytes(address));
}

}  // namespace lantaarn::server::admin
