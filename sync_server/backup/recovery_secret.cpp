#include "sync_server/backup/recovery_secret.hpp"

namespace lantaarn::server::backup {

RecoveryKey recovery_key_of(const RecoverySecret& secret) {
  const auto half = secret.view();
  crypto::Key box(half.first<32>());
  const crypto::SignSeed seed(half.last<32>());
  return RecoveryKey{crypto::BoxKey(std::move(box)), crypto::SignKey(seed)};
}

Hash recovery_fingerprint(const RecoveryPublic& key) {
  return crypto::blake2b_256({as_bytes("lantaarn recovery key v1"), key.box, key.verify});
}

}  // namespace lantaarn::server::backup
