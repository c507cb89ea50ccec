#pragma once
// What handhelds have delivered: sealed batches, durable and without duplicates, in the order they came. The gateway
// process is the only writer; it keeps what it cannot open. Single-threaded.

#include <span>

#include "common/database/database.hpp"
#include "common/journal/batch.hpp"

namespace lantaarn::server::inbox {

/// A batch on its way in. Views and keys live until store() returns.
struct Incoming {
  journal::Genesis log;             ///< device, log and what it follows, as the handheld says
  ByteView bytes;
  std::int64_t received_ms = 0;     ///< the server's wall time
  const journal::AuthorKeys* keys = nullptr;
  /// Instead of bytes: this log goes on behind there, whatever is missing here. The caller has verified the authority's word.
  struct Anchor {
    journal::Position at;
    journal::Position secured;  ///< what comes behind must lead there; at.seq <= secured.seq
  };
  std::optional<Anchor> anchor = {};
};

/// A handheld that was put back forks its log once; more branches than this nobody makes by accident.
inline constexpr std::size_t kBranchesMax = 64;

enum class Landing {
  kMain,  ///< durable, now or before; `through` is the batch's end
  kFork,  ///< durable as another branch; `through` is the batch's end
  kGap,   ///< not stored: entries before it are missing; `through` is where to go on from
};
struct Landed {
  Landing landing = Landing::kGap;
  journal::Position through;
  std::uint64_t added = 0;  ///< entries that were not here yet
};

/// A stretch of a chain that was received long ago and is kept elsewhere.
struct Past {
  journal::Genesis log;
  std::int64_t branch = 0;   ///< 0 first, then in order
  std::int64_t parent = 0;
  std::uint64_t first_seq = 1;
  std::vector<Hash> hashes;  ///< of first_seq and on
};

class Inbox {
 public:
  /// Opens or creates, and counts one more start, durably. Errors: those of common/database ("inbox.db" in them).
  [[nodiscard]] static Result<Inbox> open(const std::string& path, const char* vfs = nullptr);

  /// How far this log is durable here; seq 0 when nothing of it is.
  [[nodiscard]] Result<journal::Position> received(const DeviceId& device, const LogId& log);

  /// Verifies and stores in one transaction; what landed is durable on return. A batch that does not verify
  /// (journal::verify_batch's errors; kRejectPeer "protocol_error" for another origin of the same log, or a branch beyond
  /// kBranchesMax) holds up no other
  /// one. What overlaps with what is here is trimmed; another hash at the same place starts a branch, both are kept.
  /// An anchor whose place is known here already changes nothing; where something else stands there, the log goes on in a
  /// branch. Entries that were missing and come after all take their place.
  /// On an error of its own (common/database) nothing of all of it is stored.
  [[nodiscard]] Result<std::vector<Result<Landed>>> store(std::span<const Incoming> batches);

  /// Goes on from there as if it had received them itself; durable on return. For an inbox that has nothing of these logs.
  [[nodiscard]] Status begin_with(const std::vector<Past>& pasts);

  /// Batches of this log (all branches) that end at or before `through_seq` and are merged (inbox id up to `merged`)
  /// keep only what remains.hpp says, durably, at most `batches_max` of them; how many there were. What was removed is
  /// gone from the file when forget_removed() succeeds. The caller knows that two other copies hold them (secured).
  [[nodiscard]] Result<std::size_t> prune(const DeviceId& device, const LogId& log, std::uint64_t through_seq, std::int64_t merged,
                                          std::size_t batches_max);
  /// kRetry "checkpoint_blocked" while somebody reads: ask again.
  [[nodiscard]] Status forget_removed() { return database_.checkpoint_truncate(); }

  /// 1, 2, 3, … over the life of the file.
  [[nodiscard]] std::uint64_t starts() const { return starts_; }
  /// The last batch's number; 0: none yet.
  [[nodiscard]] std::int64_t last_inbox_id() const { return last_inbox_id_; }

 private:
  struct Chain {
    std::int64_t branch = 0;
    std::int64_t parent = 0;
    std::uint64_t first_seq = 1;
    journal::Position last;
  };
  /// Entries from_seq..through.seq of a branch are missing; the hash of the last is known.
  struct Hole {
    std::int64_t branch = 0;
    std::uint64_t from_seq = 0;
    journal::Position through;
    journal::Position secured;
  };
  struct Log {
    std::int64_t log_ref = 0;   ///< 0: nothing of it is stored yet
    Hash start{};               ///< its genesis
    std::vector<Chain> chains;  ///< by branch; at least the main one
    std::vector<Hole> holes = {};
  };
  struct Statements {
    database::Statement find_log, add_log, chains, put_chain, add_batch, covering, holes, put_hole, remove_hole, past;
  };

  Inbox(database::Database database, Statements statements, std::uint64_t starts, std::int64_t last_inbox_id);
  [[nodiscard]] static Result<Statements> prepare(database::Database& database);
  [[nodiscard]] Result<Landed> store_one(const Incoming& batch, Error& fatal, bool& failed);
  [[nodiscard]] Result<Landed> land(const Incoming& batch, const journal::BatchSummary& summary);
  [[nodiscard]] Result<Landed> land_beside(const Incoming& batch, const journal::BatchSummary& summary, Log& log);
  [[nodiscard]] Result<Landed> land_anchor(const Incoming& batch);
  [[nodiscard]] Result<Log> find(const journal::Genesis& genesis);
  [[nodiscard]] Result<std::vector<Chain>> read_chains(std::int64_t log_ref);
  [[nodiscard]] Result<std::optional<Hash>> hash_on(const Log& log, std::int64_t branch, std::uint64_t seq);
  [[nodiscard]] Status look_at(std::int64_t log_ref, std::int64_t branch, std::uint64_t seq);
  [[nodiscard]] Status add(const journal::Genesis& genesis, Log& log);
  [[nodiscard]] Status read_holes(Log& log);
  [[nodiscard]] static const Hole* hole_at(const Log& log, std::int64_t branch, std::uint64_t seq);
  [[nodiscard]] Status put_hole(std::int64_t log_ref, const Hole& hole);
  [[nodiscard]] static Status check_secured(const Log& log, std::int64_t branch, const std::vector<journal::BatchItem>& items);
  [[nodiscard]] Result<std::optional<std::uint64_t>> fill_hole(Log& log, const Hole& hole, const Incoming& batch,
                                                               const journal::BatchSummary& summary,
                                                               const std::vector<journal::BatchItem>& items, std::uint64_t seq);
  [[nodiscard]] Status put_chain(std::int64_t log_ref, const Chain& chain);
  [[nodiscard]] Status put_batch(std::int64_t log_ref, std::int64_t branch, std::uint64_t first_seq, const journal::Position& last,
                                 const Incoming& batch, bool author_unknown, ByteView bytes);
  [[nodiscard]] Status append(Log& log, const Chain& chain, const Incoming& batch, const journal::BatchSummary& summary,
                              std::uint64_t from_seq);

  database::Database database_;
  Statements statements_;
  std::uint64_t starts_;
  std::int64_t last_inbox_id_;
  // The batch hash_on() looked into last.
  struct {
    std::int64_t log_ref = 0;
    std::int64_t branch = 0;
    std::uint64_t first_seq = 0;
    std::vector<Hash> hashes;
  } looked_at_;
};

}  // namespace lantaarn::server::inbox
