#pragma once
// Server keys made and destroyed. Each is one transaction: the key, the link by which handhelds follow, and the fact in
// the server's own log. KEYS.md is the document.

#include "sync_server/admin/context.hpp"
#include "sync_server/admin/key_rules.hpp"

namespace lantaarn::server::admin {

/// Whether there may be a next one: kRefused "key_too_many", "too_many". Ask before one is prepared.
[[nodiscard]] Status check_rotatable(const Context& context, KeyKind kind);
/// The next key of a kind (the prepared one, where there is one), in force on return: durable, and context.keys is the new set. The private half of a former
/// authority or receipt key goes in the same transaction: nothing is ever signed or opened with one again.
/// kRefused "key_too_many" {how many} (channel: destroy one first), "too_many" (kKeyLinksMax).
[[nodiscard]] Result<StoredKey> rotate_key(Context& context, KeyKind kind);

/// The private half of a former key goes: from the registry, its WAL and this process's memory. Again: makes sure of that.
/// kRefused "key_not_found", "key_in_force", "key_needed_by_handheld", "key_needed_by_ticket", "key_needed_by_backup";
/// kRetry "checkpoint_blocked": it is destroyed, but a copy may stand in the WAL; ask again.
[[nodiscard]] Result<StoredKey> destroy_key(Context& context, KeyKind kind, std::uint32_t number);

/// A recovery key that was just made, in the same change: the link by which handhelds that are enrolled learn of it. The
/// caller puts the keys in force anew once it is committed (reload_keys).
[[nodiscard]] Status put_recovery_link(Change& change, const Context& context, const crypto::VerifyKey& recovery);
[[nodiscard]] Status reload_keys(Context& context);

/// Enrolled handhelds that were not revoked, with what they know of the server's keys.
[[nodiscard]] Result<std::vector<KeyHolder>> key_holders(Registry& registry);

}  // namespace lantaarn::server::admin
