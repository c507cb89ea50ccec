#pragma once
// A file that only the recovery key opens: a fresh key for each, sealed to it, and a stream under that key.

#include "common/base/result.hpp"
#include "sync_server/backup/format.hpp"

namespace lantaarn::server::backup {

/// `magic` says what it is, and is authenticated with every part.
[[nodiscard]] Bytes seal_file(const crypto::BoxPublicKey& to, std::string_view magic, ByteView plain);

/// The plain text. kRefused "recovery_key_wrong" when it was sealed to another key; kCorrupt "backup_damaged" when it is
/// something else, was altered, cut off, or is longer than it was.
[[nodiscard]] Result<Bytes> open_file(const crypto::BoxKey& key, std::string_view magic, ByteView file);

}  // namespace lantaarn::server::backup
