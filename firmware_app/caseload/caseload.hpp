#pragma once
// The cards of this handheld's users: caseload.db, sealed as they came, opened with the user's PIN at each use. It can be
// rebuilt by a sync. One object per process, on one thread, under the folder's FileLock. Only what the server stated lies
// here: what a user added or changed since lies in the journal (companions.hpp), and is not touched by any of this.
//
// Errors: those of common/database ("caseload.db" in them), but of a damaged file kCorrupt "cards_unreadable".

#include <string>
#include <vector>

#include "common/database/database.hpp"
#include "common/model/cards.pb.h"
#include "firmware_app/vault/vault.hpp"

namespace lantaarn::firmware {

class Caseload {
 public:
  [[nodiscard]] static Result<Caseload> open(const std::string& path, const database::OpenOptions& options = {});
  /// An empty one in the place of a damaged one, which nothing may have open.
  [[nodiscard]] static Result<Caseload> open_anew(const std::string& path, const database::OpenOptions& options = {});
  /// kCorrupt when the file is not what was written, as far as that shows without a PIN.
  [[nodiscard]] Status check();

  /// Keeps one part as it came. Durable on return. The same again is fine.
  [[nodiscard]] Status store(const UserId& user, const Mark& mark, ByteView sealed_bundle);

  /// This user's parts before `mark` are forgotten, without her PIN: for when everything from `mark` on has come.
  [[nodiscard]] Status forget_before(const UserId& user, const Mark& mark);

  /// Everybody's, overwritten and out of the WAL file on success. Can be repeated.
  [[nodiscard]] Status forget_everything();
  /// All of this user's, and out of the write-ahead log: gone from the files on success. kRetry "checkpoint_blocked" and
  /// other errors: the next call makes good on it.
  [[nodiscard]] Status forget_all(const UserId& user);

  /// The cards of the newest edition of which every part is here; older ones are forgotten. A newer edition that is
  /// incomplete waits. Empty before the first sync. kCorrupt "cards_unreadable" also when parts are here and none opens,
  /// or a part may be missing.
  [[nodiscard]] Result<std::vector<model::pb::Card>> cards(const UnlockedUser& user);

 private:
  explicit Caseload(database::Database database) : database_(std::move(database)) {}
  [[nodiscard]] Result<std::vector<model::pb::Card>> newest_cards(const UnlockedUser& user);
  [[nodiscard]] Status forget(const std::vector<std::int64_t>& rows);
  database::Database database_;
};

}  // namespace lantaarn::firmware
