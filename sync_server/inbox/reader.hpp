#pragma once
// The inbox as the registry process reads it: on a connection of its own that never writes, while the gateway goes on.

#include <map>

#include "common/database/database.hpp"
#include "common/journal/batch.hpp"

namespace lantaarn::server::inbox {

/// One stored batch, as it came. `branch` 0 is what was received first; others are forks.
struct InboxBatch {
  std::int64_t inbox_id = 0;
  journal::Genesis log;
  std::int64_t branch = 0;
  std::uint64_t first_seq = 0;
  journal::Position last;
  std::int64_t received_ms = 0;
  bool author_unknown = false;
  Bytes bytes;
};

/// A fork: from `seq` on, `branch` says something else than `parent`.
struct Branch {
  std::int64_t branch = 0;
  std::int64_t parent = 0;
  std::uint64_t seq = 0;
  Hash kept_hash{};   ///< the parent's entry there
  Hash other_hash{};  ///< this branch's
};

/// How far a log is durable here (branch 0).
struct InboxLog {
  journal::Genesis log;
  journal::Position received;
};

/// Entries of a log that are missing here and that its handheld no longer holds.
struct Missed {
  DeviceId device;
  LogId log;
  std::uint64_t from_seq = 0;
  journal::Position through;
};

/// A chain of a log, as far as batches up to some inbox id reach.
struct InboxChain {
  journal::Genesis log;
  std::int64_t branch = 0;
  std::int64_t parent = 0;
  std::uint64_t first_seq = 1;
  journal::Position last;
};

class InboxReader {
 public:
  /// inbox.db must exist: the gateway makes it before it says Listening. Errors: those of common/database.
  [[nodiscard]] static Result<InboxReader> open(const std::string& path, const char* vfs = nullptr);

  /// Batches after `inbox_id` in the order they came, pruned ones left out (the event store has what they held), at most `batches_max` and about `bytes_max`; empty: no more.
  [[nodiscard]] Result<std::vector<InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max,
                                                           std::size_t bytes_max = 8 * 1024 * 1024);
  /// The mark of the last start of a gateway.
  [[nodiscard]] Result<Bytes> mark();
  /// Through which number an inbox read up to `inbox_id`, when `noted` was its mark, still holds the same batches: less
  /// when it was lost since, or put back from a copy.
  [[nodiscard]] Result<std::int64_t> same_through(ByteView noted, std::int64_t inbox_id);
  /// Whether of a batch beyond `inbox_id` only the hashes are left.
  [[nodiscard]] Result<bool> is_pruned_after(std::int64_t inbox_id);
  /// The last batch's number; 0: none.
  [[nodiscard]] Result<std::int64_t> last_inbox_id();
  [[nodiscard]] Result<std::vector<InboxLog>> logs();
  [[nodiscard]] Result<std::vector<Missed>> missed();
  /// Every chain that has something up to there, in order of (log, branch).
  [[nodiscard]] Result<std::vector<InboxChain>> chains_through(std::int64_t inbox_id);
  /// When the first batch of the kept branch that reaches beyond `seq` was received; nothing when there is none.
  [[nodiscard]] Result<std::optional<std::int64_t>> received_beyond(const DeviceId& device, const LogId& log, std::uint64_t seq);
  /// Of each log, the first seq (of any branch) whose ciphertext is still here; logs of which nothing is are left out.
  [[nodiscard]] Result<std::map<std::pair<DeviceId, LogId>, std::uint64_t>> first_whole();
  /// The forks of one log.
  [[nodiscard]] Result<std::vector<Branch>> branches(const DeviceId& device, const LogId& log);

 private:
  explicit InboxReader(database::Database database) : database_(std::move(database)) {}
  [[nodiscard]] Result<Hash> hash_on(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq);
  [[nodiscard]] Result<Hash> past_hash(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq);
  database::Database database_;
};

}  // namespace lantaarn::server::inbox
