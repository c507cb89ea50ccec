#include "sync_server/backup/recovery_key.hpp"

namespace lantaarn::server::backup {
namespace {
constexpr std::string_view kRecoveryPublic = "recovery_public";
}

Bytes to_bytes(const RecoveryPublic& key) {
  Bytes bytes(kRecoveryPublicBytes);
  std::copy(key.box.begin(), key.box.end(), bytes.begin());
  std::copy(key.verify.begin(), key.verify.end(), bytes.begin() + 32);
  return bytes;
}

std::optional<RecoveryPublic> recovery_public_from(ByteView bytes) {
  if (bytes.size() != kRecoveryPublicBytes) return std::nullopt;
  return RecoveryPublic{*to_array<32>(bytes.first(32)), *to_array<32>(bytes.last(32))};
}

Result<std::optional<RecoveryPublic>> stored_recovery_public(Registry& registry) {
  LANTAARN_ASSIGN(const auto stored, registry.secret(kRecoveryPublic));
  if (!stored) return std::optional<RecoveryPublic>();
  const auto key = recovery_public_from(stored->view());
  if (!key) return corrupt("record_unreadable");
  return key;
}

Status put_recovery_public(Change& change, const RecoveryPublic& key) { return change.put_secret(kRecoveryPublic, {}, to_bytes(key)); }

sync::pb::SignedStatement sign_epoch(const RecoveryKey& key, const ServerId& server, std::uint32_t epoch, std::int64_t now_ms) {
  return sync::sign_epoch(key.sign, server, epoch, now_ms);
}

}  // namespace lantaarn::server::backup
