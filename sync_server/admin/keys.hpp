#pragma once
// The server's own private keys, made once by `init`, sealed in registry.db. KEYS.md is the document.

#include "common/crypto/dh.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

inline constexpr std::uint32_t kSealingKeyNumber = 1;
inline constexpr std::uint32_t kFirstEpoch = 1;

struct Keys {
  ServerIdentity server;
  crypto::BoxKey sealing;
  crypto::SignKey authority;
  crypto::SignSeed receipt_seed;
  crypto::Key channel;
};

/// A new server: its id and keys, durable on return.
[[nodiscard]] Status make_keys(Registry& registry);
/// kRefused "not_initialised" when there are none.
[[nodiscard]] Result<Keys> load_keys(Registry& registry);

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
