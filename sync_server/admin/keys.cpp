#include "sync_server/admin/keys.hpp"

#include <algorithm>

#include "common/crypto/random.hpp"
#include "sync_server/backup/recovery_key.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr std::string_view kMigration = "migration";
constexpr std::string_view kPsk = "psk";
constexpr std::string_view kPreviousKeys = "previous_keys";  // channel key 32 ‖ PSK 32; empty: none
constexpr std::string_view kAddress = "address";
constexpr std::string_view kKeyLink = "server_keys";
constexpr std::string_view kKnownKeys = "known_keys";

ByteArray<4> id_of(std::uint32_t number) {
  ByteArray<4> id;
  store_le(id.data(), number);
  return id;
}

Error unreadable() { return corrupt("record_unreadable"); }

Status put_new(Change& change, std::string_view name) {
  const auto secret = crypto::random_secret<crypto::Key::kBytes>();
  return change.put_secret(name, {}, secret.view());
}

Result<crypto::Key> load(Registry& registry, std::string_view name) {
  LANTAARN_ASSIGN(auto stored, registry.secret(name));
  auto key = stored ? crypto::Key::from(stored->view()) : std::nullopt;
  if (!key) return unreadable();
  return std::move(*key);
}

// The newest of a kind is never destroyed.
Result<StoredKey> newest(Registry& registry, KeyKind kind) {
  LANTAARN_ASSIGN(auto all, stored_keys(registry, kind));
  if (all.empty() || !all.back().secret) return unreadable();
  return std::move(all.back());
}

}  // namespace

sync::ServerKeySet public_keys(const Keys& keys) {
  return {keys.generation, keys.authority.verify_key(), crypto::dh_public(keys.channel), keys.sealing.public_key(),
          keys.sealing_number, keys.recovery};
}

Status make_keys(Registry& registry) {
  LANTAARN_ASSIGN(auto change, registry.begin());
  LANTAARN_TRY(change->put_server({crypto::random_id<ServerId>(), kFirstEpoch}));
  for (const KeyKind kind : kKeyKinds) LANTAARN_TRY(put_stored_key(*change, kind, new_stored_key(kind, kFirstKeyNumber, 1, 0)));
  return change->commit();
}

Result<Keys> load_keys(Registry& registry) {
  LANTAARN_ASSIGN(const auto server, registry.server());
  if (!server) return refused("not_initialised");
  LANTAARN_ASSIGN(auto sealing, stored_keys(registry, KeyKind::kSealing));
  LANTAARN_ASSIGN(auto channel, stored_keys(registry, KeyKind::kChannel));
  LANTAARN_ASSIGN(StoredKey authority, newest(registry, KeyKind::kAuthority));
  LANTAARN_ASSIGN(StoredKey receipt, newest(registry, KeyKind::kReceipt));
  if (sealing.empty() || channel.empty() || !sealing.back().secret || !channel.back().secret) return unreadable();
  Keys keys{*server, crypto::BoxKey(std::move(*sealing.back().secret)), crypto::SignKey(*authority.secret), std::move(*receipt.secret),
            std::move(*channel.back().secret)};
  keys.sealing_number = sealing.back().number;
  LANTAARN_ASSIGN(keys.former_authority, authority_keys(registry));
  keys.former_authority.pop_back();
  LANTAARN_ASSIGN(const auto recovery, backup::stored_recovery_public(registry));
  if (recovery) keys.recovery = recovery->verify;
  LANTAARN_ASSIGN(const auto links, key_links_after(registry, 1));
  keys.generation = 1 + static_cast<std::uint32_t>(links.size());
  sealing.pop_back();
  channel.pop_back();
  for (StoredKey& key : sealing) {
    if (key.secret) keys.former_sealing.emplace(key.number, crypto::BoxKey(std::move(*key.secret)));
  }
  for (StoredKey& key : channel) {
    if (key.secret) keys.former_channel.emplace(key.number, std::move(*key.secret));
  }
  return keys;
}

Result<std::vector<sync::pb::SignedStatement>> key_links_after(Registry& registry, std::uint32_t generation) {
  std::vector<sync::pb::SignedStatement> links;
  while (true) {
    LANTAARN_ASSIGN(const auto stored, registry.secret(kKeyLink, id_of(++generation)));
    if (!stored) return links;
    if (!links.emplace_back().ParseFromArray(stored->view().data(), static_cast<int>(stored->size()))) return unreadable();
  }
}

Status put_key_link(Change& change, std::uint32_t generation, const sync::pb::SignedStatement& link) {
  return change.put_secret(kKeyLink, id_of(generation), as_bytes(link.SerializeAsString()));
}

Result<KnownByHandheld> known_by(Registry& registry, const DeviceId& device) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kKnownKeys, device.view()));
  if (!stored) return KnownByHandheld{};
  ByteReader reader(stored->view());
  const auto generation = reader.take_le<std::uint32_t>();
  const auto since_ms = reader.take_le<std::int64_t>();
  if (!since_ms) return unreadable();
  return KnownByHandheld{*generation, *since_ms};
}

Status put_known_by(Change& change, const DeviceId& device, const KnownByHandheld& known) {
  Bytes row;
  append_le(row, known.generation);
  append_le(row, known.since_ms);
  return change.put_secret(kKnownKeys, device.view(), row);
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
