#pragma once
// The second copy while the server works: a thread of its own brings the target up to what the stores hold, so that a medium
// that hangs or is gone holds nobody up. It reads on connections of its own and writes nothing but the target.

#include <functional>
#include <memory>
#include <optional>

#include "common/base/clock.hpp"
#include "sync_server/admin/folder.hpp"
#include "sync_server/backup/check.hpp"
#include "sync_server/backup/shipping.hpp"

namespace lantaarn::server::admin {

/// What is known of the target.
struct SecondCopyState {
  std::string where;
  bool reachable = true;         ///< as of the last try
  std::string trouble;           ///< error code of that try; "" when it went well
  std::uint64_t own_seq = 0;     ///< the own log is there through here
  std::uint64_t keys = 0;        ///< KeysVersion::changed of the keyring there
  std::int64_t tried_at_ms = 0;  ///< wall time of the last try; 0: none yet
};

/// Does it, where it is called: once for a command that runs alone, or in the thread below.
class SecondCopyWork {
 public:
  /// The data key is this object's own copy.
  SecondCopyWork(const Folder& folder, crypto::Key data_key, const backup::TargetSetting& target)
      : folder_(folder), data_key_(std::move(data_key)), shipping_(backup::folder_files(target.path), target.target) {}
  [[nodiscard]] Result<backup::Shipped> ship();
  [[nodiscard]] Result<backup::Shipping::Backup> create(std::int64_t now_ms);
  [[nodiscard]] Result<backup::Pruned> prune(std::size_t keep);
  [[nodiscard]] const std::string& where() { return shipping_.files().where(); }

 private:
  using Pass = std::function<Status(Registry&, inbox::InboxReader*, const crypto::SignKey&)>;
  Status with_stores(const Pass& pass);
  Folder folder_;
  crypto::Key data_key_;
  backup::Shipping shipping_;
};

class SecondCopy {
 public:
  /// `clock` must outlive the process's last use of it.
  SecondCopy(const Folder& folder, crypto::Key data_key, const backup::TargetSetting& target, const Clock& clock);
  SecondCopy(const SecondCopy&) = delete;
  SecondCopy& operator=(const SecondCopy&) = delete;
  /// A last pass, for at most kEndPatienceMs; a medium that hangs longer is left to itself.
  ~SecondCopy();
  /// For one that another target takes the place of: its last pass is waited for by nobody.
  void leave();

  /// Readable when there is news.
  [[nodiscard]] int descriptor() const;
  /// Something was written that the target does not have.
  void poke();
  using OnBackup = std::function<void(const Result<backup::Shipping::Backup>&)>;
  using OnPruned = std::function<void(const Result<backup::Pruned>&)>;
  /// Asked for from the outside; the answer comes through attend(), in the caller's thread.
  void create(OnBackup done);
  void prune(std::size_t keep, OnPruned done);

  struct News {
    backup::SecuredLogs secured;
    std::vector<backup::pb::Manifest> made;  ///< backups; also such as an erasure called for
    [[nodiscard]] bool empty() const { return secured.empty() && made.empty(); }
    /// `later` came after these.
    void add(News later);
  };
  /// Takes the news, and gives the answers that are due. News is told once: who cannot write it down keeps it.
  [[nodiscard]] News attend();
  [[nodiscard]] SecondCopyState state() const;

 private:
  struct Shared;
  static void work(const std::shared_ptr<Shared>& shared);
  std::shared_ptr<Shared> shared_;
};

}  // namespace lantaarn::server::admin
