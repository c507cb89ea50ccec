#pragma once
// The recovery key: offline, on paper, in the hands of people (SHEETS.md). Its public half is all that a
// running server knows: backups are sealed to `box`, a restore's new epoch is proved by `verify`.

#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"
#include "common/sync/statement.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::backup {

struct RecoveryPublic {
  crypto::BoxPublicKey box{};
  crypto::VerifyKey verify{};
  bool operator==(const RecoveryPublic&) const = default;
};

/// Assembled from two sheets, for as long as one restore or one drill takes.
struct RecoveryKey {
  crypto::BoxKey box;
  crypto::SignKey sign;
  [[nodiscard]] RecoveryPublic public_half() const { return {box.public_key(), sign.verify_key()}; }
};

/// box ‖ verify
inline constexpr std::size_t kRecoveryPublicBytes = 64;
static_assert(sizeof(crypto::BoxPublicKey) + sizeof(crypto::VerifyKey) == kRecoveryPublicBytes);

[[nodiscard]] Bytes to_bytes(const RecoveryPublic& key);
/// Nothing unless exactly kRecoveryPublicBytes.
[[nodiscard]] std::optional<RecoveryPublic> recovery_public_from(ByteView bytes);

/// A setting of the registry. Nothing while no recovery key was ever made.
[[nodiscard]] Result<std::optional<RecoveryPublic>> stored_recovery_public(Registry& registry);
[[nodiscard]] Status put_recovery_public(Change& change, const RecoveryPublic& key);

/// The EPOCH statement by which handhelds believe that the server was put back (sync.proto): kind EPOCH, no device,
/// context sync::kEpochContext.
[[nodiscard]] sync::pb::SignedStatement sign_epoch(const RecoveryKey& key, const ServerId& server, std::uint32_t epoch,
                                                   std::int64_t now_ms);

}  // namespace lantaarn::server::backup
