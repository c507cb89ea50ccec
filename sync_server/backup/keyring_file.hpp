#pragma once
// The target's keyring: every key that opens what the backups hold, sealed to the recovery key, in one file that is
// rewritten in place. Client keys are nowhere else at the target: what is destroyed here opens no backup any more.

#include <unordered_map>

#include "sync_server/backup/backup.pb.h"
#include "sync_server/backup/target.hpp"

namespace lantaarn::server::backup {

/// All that `registry` holds, as one moment's reads give it, and rewrites the file; verified after writing. Durable.
[[nodiscard]] Status write_keyring(TargetFiles& files, const TargetHead& target, Registry& registry, std::uint64_t own_seq,
                                   const crypto::SignKey& authority);

/// Which keys the file at the target has, as its clear head says. Nothing when there is none.
[[nodiscard]] Result<std::optional<KeysVersion>> keyring_version(TargetFiles& files, const AuthorityKeys& authority);

/// Opened. Zeroed when it goes.
class Keyring {
 public:
  /// kCorrupt "backup_damaged" also when there is none; kRefused "recovery_key_wrong".
  [[nodiscard]] static Result<Keyring> open(TargetFiles& files, const TargetHead& target, const crypto::BoxKey& recovery);
  Keyring(Keyring&&) noexcept;
  Keyring& operator=(Keyring&&) noexcept;
  ~Keyring();

  /// Whose signature the file carries is for the caller to ask once the secrets have said who the authority is.
  [[nodiscard]] bool is_signed_by(const AuthorityKeys& authority) const;
  [[nodiscard]] const pb::Keyring& content() const { return *content_; }
  [[nodiscard]] const crypto::Key& data_key() const { return data_key_; }
  /// Nothing: destroyed, or never there.
  [[nodiscard]] const crypto::Key* key_of(const AggregateId& owner) const;

 private:
  Keyring(std::unique_ptr<pb::Keyring> content, Bytes file);
  std::unique_ptr<pb::Keyring> content_;
  Bytes file_;  // sealed
  crypto::Key data_key_;
  std::unordered_map<Id<struct OwnerTag>, crypto::Key> owners_;
};

/// Zeroes every key in it.
void wipe_keys(pb::Keyring& keyring);

}  // namespace lantaarn::server::backup
