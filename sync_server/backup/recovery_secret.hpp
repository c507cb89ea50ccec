#pragma once
// A recovery key as it goes to paper and comes back: 64 bytes that are never stored, and never in the process that serves,
// only in that of the person who makes the sheets or holds two of them. SHEETS.md is the document.

#include "common/crypto/hash.hpp"
#include "sync_server/backup/recovery_key.hpp"

namespace lantaarn::server::backup {

/// X25519 private key 32 ‖ Ed25519 seed 32.
using RecoverySecret = crypto::Secret<64>;
[[nodiscard]] RecoveryKey recovery_key_of(const RecoverySecret& secret);

/// By which people tell one recovery key from another: BLAKE2b-256 of "lantaarn recovery key v1" ‖ box ‖ verify. Each
/// sheet carries its beginning.
[[nodiscard]] Hash recovery_fingerprint(const RecoveryPublic& key);

}  // namespace lantaarn::server::backup
