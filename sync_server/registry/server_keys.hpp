#pragma once
// The server's own private keys as they are stored: numbered, of four kinds, each a sealed row of `secret`.
// sync_server/admin/KEYS.md is the document.

#include <array>

#include "common/crypto/sign.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

inline constexpr std::uint32_t kFirstKeyNumber = 1;

enum class KeyKind { kSealing, kAuthority, kReceipt, kChannel };
inline constexpr std::array kKeyKinds = {KeyKind::kSealing, KeyKind::kAuthority, KeyKind::kReceipt, KeyKind::kChannel};
/// "sealing", "authority", "receipt", "channel": what people type, and the name of its rows.
[[nodiscard]] std::string_view name_of(KeyKind kind);
/// kRefused "key_kind_unknown".
[[nodiscard]] Result<KeyKind> key_kind(std::string_view name);

/// One key of a kind, as stored.
struct StoredKey {
  std::uint32_t number = kFirstKeyNumber;
  std::uint32_t generation = 1;          ///< of the whole set (SERVER_KEYS) with which it came into force; receipt keys: 0
  std::int64_t made_ms = 0;              ///< 0: with the server
  ByteArray<32> public_key{};
  std::optional<crypto::Key> secret;     ///< nothing: destroyed
};

/// A fresh one; stored by put_stored_key.
[[nodiscard]] StoredKey new_stored_key(KeyKind kind, std::uint32_t number, std::uint32_t generation, std::int64_t now_ms);
/// All keys of a kind, oldest first.
[[nodiscard]] Result<std::vector<StoredKey>> stored_keys(Registry& registry, KeyKind kind);
/// Puts the key in its place; without a secret only its public half is left.
[[nodiscard]] Status put_stored_key(Change& change, KeyKind kind, const StoredKey& key);
/// The key that will follow, made and durable, and in force for nobody: where there is a second copy it comes into force only
/// once that holds it too (KEYS.md). Nothing when none was prepared.
[[nodiscard]] Result<std::optional<StoredKey>> prepared_key(Registry& registry, KeyKind kind);
/// Makes it, unless it is there. One transaction of its own.
[[nodiscard]] Status prepare_key(Registry& registry, KeyKind kind);
/// Once it is in force.
[[nodiscard]] Status empty_prepared_key(Change& change, KeyKind kind);
/// What signed, or signs, for this server: public halves, oldest first.
[[nodiscard]] Result<std::vector<crypto::VerifyKey>> authority_keys(Registry& registry);

}  // namespace lantaarn::server
