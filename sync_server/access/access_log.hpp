#pragma once
// The access log (NEN 7513; GDPR 5.2, 32): who saw or did what, in which role, on whom, from where, with what outcome.
// Append-only, chained by hash, signed; a database of its own. FORMAT.md is the document. One object per file, one thread.
//
// Errors of every call: those of common/database ("access_log.db" in them).

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/id.hpp"
#include "common/crypto/sign.hpp"
#include "common/database/database.hpp"
#include "sync_server/access/action.hpp"

namespace lantaarn::server::access {

enum class Outcome : std::uint8_t { kSuccess = 0, kRefused = 4, kFailed = 8 };

struct AccessRecord {
  std::int64_t at_ms = 0;
  Action action = Action::kRead;
  Outcome outcome = Outcome::kSuccess;
  std::string event, object;
  std::optional<UserId> user;       ///< nothing: nobody was signed in
  std::string role;
  Bytes session;                    ///< 8 bytes; empty on the command line
  std::string peer;
  std::vector<ClientId> clients;    ///< whose record
  bool treatment_relation = false;  ///< in her own caseload
  bool emergency = false;
  bool consent = false;
  std::string code;                 ///< why it was refused
  std::string reason, detail, agent;  ///< kept sealed
};

struct LoggedRecord {
  std::uint64_t seq = 0;
  AccessRecord record;
};

struct LogFilter {
  std::optional<UserId> user;
  std::optional<ClientId> client;
  std::optional<Action> action;
  bool emergency_only = false;
  std::int64_t from_ms = 0, until_ms = 0;  ///< 0 = without bound; until is excluded
  std::uint64_t before_seq = 0;            ///< 0 = from the newest
  std::size_t limit = 100;
};

/// Where the log stood; kept elsewhere, so that a log cut off at its end is seen.
struct LogHead {
  std::uint64_t seq = 0;
  Hash hash{};
  bool operator==(const LogHead&) const = default;
};

class AccessLog {
 public:
  /// `vfs` as in database::OpenOptions. Refuses nothing of the content: verify() does.
  [[nodiscard]] static Result<AccessLog> open(const std::string& path, const crypto::SignSeed& seed, const crypto::Key& seal_key,
                                              const char* vfs = nullptr);

  /// Not durable before commit().
  void add(AccessRecord record) { waiting_.push_back(std::move(record)); }
  [[nodiscard]] bool has_waiting() const { return !waiting_.empty(); }
  /// Everything that was added, in one transaction with one signature; durable on success. When it fails nothing of it
  /// was written and everything waits still: no answer may leave before it is.
  [[nodiscard]] Status commit();
  [[nodiscard]] const LogHead& head() const { return head_; }

  /// Newest first.
  [[nodiscard]] Result<std::vector<LoggedRecord>> read(const LogFilter& filter);
  /// From the first entry to the last: sequence, chain, signatures, columns. `anchor`: the log once stood there.
  /// kCorrupt "access_log_altered" {seq}, "access_log_cut" {seq}.
  [[nodiscard]] Result<std::uint64_t> verify(const std::optional<LogHead>& anchor);

 private:
  AccessLog(database::Database database, const crypto::SignSeed& seed, const crypto::Key& seal_key);
  [[nodiscard]] Status find_head();
  [[nodiscard]] Status write(const AccessRecord& record, LogHead& head);
  [[nodiscard]] Result<LoggedRecord> opened(std::uint64_t seq, ByteView body) const;
  [[nodiscard]] Status check_entry(std::uint64_t seq, database::Statement& row, LogHead& head, database::Statement& involved) const;

  database::Database database_;
  crypto::SignKey sign_key_;
  crypto::Key seal_key_;
  LogHead head_;
  std::vector<AccessRecord> waiting_;
  std::optional<database::Statement> add_entry_, add_involved_;
};

}  // namespace lantaarn::server::access
