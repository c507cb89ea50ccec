#include "sync_server/backup/signed_file.hpp"

#include <algorithm>

namespace lantaarn::server::backup {

Bytes sign_file(const crypto::SignKey& authority, std::string_view context, Bytes content) {
  const auto signature = authority.sign(context, content);
  append(content, signature);
  return content;
}

Result<ByteView> unsigned_part(ByteView file) {
  if (file.size() < crypto::kSignatureBytes) return corrupt("backup_damaged");
  return file.first(file.size() - crypto::kSignatureBytes);
}

Result<AuthorityKeys> authority_of(Registry& registry, const crypto::VerifyKey& now) {
  LANTAARN_ASSIGN(AuthorityKeys keys, authority_keys(registry));
  if (std::find(keys.begin(), keys.end(), now) == keys.end()) keys.push_back(now);
  return keys;
}

Result<ByteView> signed_part(const AuthorityKeys& authority, std::string_view context, ByteView file) {
  LANTAARN_ASSIGN(const ByteView content, unsigned_part(file));
  const ByteView signature = file.last(crypto::kSignatureBytes);
  const bool known = std::any_of(authority.begin(), authority.end(),
                                 [&](const crypto::VerifyKey& key) { return crypto::verify(key, context, content, signature); });
  if (!known) return in_context(corrupt("backup_damaged"), "signature");
  return content;
}

Bytes with_magic(std::string_view magic, ByteView content) {
  Bytes file;
  file.reserve(kMagicBytes + 4 + content.size());
  append(file, as_bytes(magic));
  append_le(file, kBackupVersion);
  append(file, content);
  return file;
}

Result<ByteView> after_magic(std::string_view magic, ByteView file) {
  if (file.size() < kMagicBytes + 4 || as_text(file.first(kMagicBytes)) != magic) return corrupt("backup_damaged");
  if (load_le<std::uint32_t>(file.data() + kMagicBytes) != kBackupVersion) return refused("backup_newer");
  return file.subspan(kMagicBytes + 4);
}

}  // namespace lantaarn::server::backup
