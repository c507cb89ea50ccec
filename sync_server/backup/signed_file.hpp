#pragma once
// A file whose last 64 bytes are the authority's signature over all before them.

#include "common/base/result.hpp"
#include "sync_server/backup/format.hpp"
#include "sync_server/registry/server_keys.hpp"

namespace lantaarn::server::backup {

/// Whose signatures count: the authority key in force and those before it.
using AuthorityKeys = std::vector<crypto::VerifyKey>;
/// What this registry knows of them, besides `now`.
[[nodiscard]] Result<AuthorityKeys> authority_of(Registry& registry, const crypto::VerifyKey& now);

[[nodiscard]] Bytes sign_file(const crypto::SignKey& authority, std::string_view context, Bytes content);
/// What was signed, a view into `file`. kCorrupt "backup_damaged".
[[nodiscard]] Result<ByteView> signed_part(const AuthorityKeys& authority, std::string_view context, ByteView file);
/// The same without asking who signed.
[[nodiscard]] Result<ByteView> unsigned_part(ByteView file);

/// magic ‖ u32 version before `content`.
[[nodiscard]] Bytes with_magic(std::string_view magic, ByteView content);
/// What follows it. kCorrupt "backup_damaged"; kRefused "backup_newer".
[[nodiscard]] Result<ByteView> after_magic(std::string_view magic, ByteView file);

}  // namespace lantaarn::server::backup
