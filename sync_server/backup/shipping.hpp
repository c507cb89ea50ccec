#pragma once
// What goes to the target as the server works: its own log, the batches it received, the keyring whenever a key changed; and
// backups. Plain functions of what stands in the server's stores; called by one thread at a time.

#include <map>

#include "sync_server/backup/archive.hpp"
#include "sync_server/backup/inbox_file.hpp"
#include "sync_server/backup/own_log_file.hpp"

namespace lantaarn::server::backup {

/// Through where two verified independent copies hold a log: the server's disk, and a target that was read back.
using SecuredLogs = std::map<std::pair<DeviceId, LogId>, journal::Position>;

struct Shipped {
  std::uint64_t own_seq = 0;    ///< of the own log, at the target
  std::uint64_t keys = 0;       ///< KeysVersion::changed, of the keyring there
  SecuredLogs secured;          ///< what this pass added; after a look (a start, an error) also what was there already
  bool wants_backup = false;    ///< a client's key went since the last one: until the next, received batches of hers lie there
};

class Shipping {
 public:
  Shipping(std::unique_ptr<TargetFiles> files, const TargetId& target) : files_(std::move(files)), target_(target) {}

  /// Brings the target up to what `registry` and `inbox` hold (`inbox`: nothing while there is none). Durable and verified
  /// on return. Errors: kStorage "target_unreachable", kCorrupt "backup_damaged", kRefused "target_of_another" (not this
  /// server's), "target_ahead" (its own log says more than this server knows: this server was put back by hand);
  /// those of registry and inbox. After an error the next call looks at the target anew.
  [[nodiscard]] Result<Shipped> pass(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority);

  /// A backup of what `registry` holds; first what pass() does. The inbox file begins anew behind it.
  struct Backup {
    Made made;
    Shipped shipped;
  };
  [[nodiscard]] Result<Backup> create(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority, std::int64_t now_ms);

  [[nodiscard]] TargetFiles& files() { return *files_; }

 private:
  struct Known {
    TargetHead head;
    std::uint64_t own_bytes = 0;
    journal::Position own;
    std::optional<KeysVersion> keys;
    std::optional<std::uint64_t> backup_destroyed;  ///< Manifest::keys_destroyed of the last backup
    std::uint64_t inbox_bytes = 0;
    std::int64_t inbox_id = 0;                  ///< the last batch shipped
    bool inbox_follows = false;                 ///< batches go on from there
    SecuredLogs found;                          ///< was there when it was looked at: whoever was told may not have noted it
  };
  [[nodiscard]] Status look(Registry& registry, inbox::InboxReader* inbox, const AuthorityKeys& authority);
  [[nodiscard]] Status look_at_inbox(inbox::InboxReader& inbox, const Manifests& manifests, std::uint32_t epoch);
  [[nodiscard]] Result<Shipped> pass_on(Registry& registry, inbox::InboxReader* inbox, const crypto::SignKey& authority);
  [[nodiscard]] Status ship_keys(Registry& registry, const crypto::SignKey& authority);
  [[nodiscard]] Status ship_own(Registry& registry);
  [[nodiscard]] Status rewrite_own(Registry& registry);
  [[nodiscard]] Status ship_inbox(inbox::InboxReader& inbox, SecuredLogs& secured);
  [[nodiscard]] Status restart_inbox(inbox::InboxReader& inbox, std::int64_t cursor, SecuredLogs& secured);

  std::unique_ptr<TargetFiles> files_;
  TargetId target_;
  std::optional<Known> known_;
};

}  // namespace lantaarn::server::backup
