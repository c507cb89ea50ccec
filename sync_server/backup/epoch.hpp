#pragma once
// The recovery key as this server's own log tells of it, and the epoch that a restore began with it.

#include "common/sync/statement.hpp"
#include "sync_server/backup/recovery_key.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::backup {

/// A recovery key that was made (ServerKeyMade, kind "recovery").
struct RecoveryMade {
  RecoveryPublic key;
  std::uint32_t number = 0;      ///< 1, 2, …; the last one is in force
  std::int64_t made_at_ms = 0;
  UserId by;
  std::string reason;            ///< why it took the place of the one before; "" for the first
};
inline constexpr std::string_view kRecoveryKind = "recovery";

/// In order of number. Errors: those of the registry.
[[nodiscard]] Result<std::vector<RecoveryMade>> recovery_keys(Registry& registry);
/// The one in force; nothing before `recovery create`.
[[nodiscard]] Result<std::optional<RecoveryMade>> recovery_key_in_force(Registry& registry);

/// The statement of the last EpochRaised, for STATE, while it is of `epoch`; nothing when no restore began that one.
[[nodiscard]] Result<std::optional<sync::pb::SignedStatement>> epoch_statement(Registry& registry, std::uint32_t epoch);

}  // namespace lantaarn::server::backup
