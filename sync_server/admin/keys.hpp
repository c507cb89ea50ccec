#pragma once
// The server's own private keys: numbered generations of each kind, sealed in registry.db. KEYS.md is the document.

#include <map>

#include "common/channel/limits.hpp"
#include "common/crypto/dh.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"
#include "common/sync/server_keys.hpp"
#include "sync_server/registry/server_keys.hpp"

namespace lantaarn::server::admin {

inline constexpr std::uint32_t kFirstEpoch = 1;
/// Channel keys the gateway answers to at once.
inline constexpr std::size_t kChannelKeysMax = channel::kServerKeysMax;

struct Keys {
  ServerIdentity server;
  crypto::BoxKey sealing;
  crypto::SignKey authority;
  crypto::SignSeed receipt_seed;
  crypto::Key channel;
  std::uint32_t sealing_number = kFirstKeyNumber;
  std::uint32_t generation = 1;                                 ///< of the set of public keys that handhelds know
  std::map<std::uint32_t, crypto::BoxKey> former_sealing = {};  ///< by number; not destroyed
  std::map<std::uint32_t, crypto::Key> former_channel = {};
  std::vector<crypto::VerifyKey> former_authority = {};         ///< public halves: handhelds keep what was signed then
  std::optional<crypto::VerifyKey> recovery = {};               ///< nothing: none was made yet
};
/// The public halves in force.
[[nodiscard]] sync::ServerKeySet public_keys(const Keys& keys);

/// A new server: its id and keys, durable on return.
[[nodiscard]] Status make_keys(Registry& registry);
/// kRefused "not_initialised" when there are none.
[[nodiscard]] Result<Keys> load_keys(Registry& registry);

/// Statements SERVER_KEYS after a generation, oldest first, as handhelds follow them.
[[nodiscard]] Result<std::vector<sync::pb::SignedStatement>> key_links_after(Registry& registry, std::uint32_t generation);
[[nodiscard]] Status put_key_link(Change& change, std::uint32_t generation, const sync::pb::SignedStatement& link);

/// What is known of a handheld: all that it had sealed before it knew `generation` of the server's keys was merged here, and
/// it had everything the server had for it, at `since_ms`.
struct KnownByHandheld {
  std::uint32_t generation = 1;
  std::int64_t since_ms = 0;
};
[[nodiscard]] Result<KnownByHandheld> known_by(Registry& registry, const DeviceId& device);
[[nodiscard]] Status put_known_by(Change& change, const DeviceId& device, const KnownByHandheld& known);

/// The key pair to which another server's register is sealed (MIGRATION.md); made when first asked for.
[[nodiscard]] Result<crypto::BoxKey> migration_key(Registry& registry);
/// Nothing when it was never asked for.
[[nodiscard]] Result<std::optional<crypto::BoxKey>> stored_migration_key(Registry& registry);
/// In place of the one that was used: what was sealed to that one can never be opened again.
[[nodiscard]] Status put_new_migration_key(Change& change);

/// The PSK of a handheld: the one it has, else nothing.
[[nodiscard]] Result<std::optional<crypto::Key>> device_psk(Registry& registry, const DeviceId& device);
[[nodiscard]] Status put_device_psk(Change& change, const DeviceId& device, const crypto::Key& psk);

/// The keys a handheld had before it made new ones, until its first session with those.
struct PreviousKeys {
  crypto::DhPublicKey channel_key{};
  crypto::Key psk;
};
[[nodiscard]] Result<std::optional<PreviousKeys>> previous_keys(Registry& registry, const DeviceId& device);
/// Nothing: forgotten.
[[nodiscard]] Status put_previous_keys(Change& change, const DeviceId& device, const std::optional<PreviousKeys>& keys);

/// Where a handheld was told to find the server; empty when never.
[[nodiscard]] Result<std::string> told_address(Registry& registry, const DeviceId& device);
[[nodiscard]] Status put_told_address(Change& change, const DeviceId& device, std::string_view address);

}  // namespace lantaarn::server::admin
