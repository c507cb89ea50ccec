#pragma once
// The handheld's journal: sealed, chained, signed entries in journal.db. Opaque bytes in, opaque bytes out; what an
// event is, nobody here knows. One object per process, on one thread; the caller holds the folder's FileLock.

#include <functional>
#include <memory>

#include "common/database/database.hpp"
#include "common/journal/batch.hpp"

namespace lantaarn::journal {

/// Who signs. The key must outlive the call.
struct Author {
  UserId id;
  const crypto::SignKey& key;
};

/// What entries are sealed with, and to whom the seal key is told.
struct Sealing {
  const SealKey& key;
  crypto::BoxPublicKey server_sealing_key;
  std::uint32_t server_sealing_key_number = 1;
  std::uint32_t epoch = 0;
};

/// A small sealed record that changes in the same commit as entries: a round's readable key, an index of heads, a
/// provisional card. `kind` is the caller's, from 1; an empty value removes it.
struct Companion {
  int kind = 0;
  Bytes key;
  Bytes value;
};

/// Where an event came to stand. Saved: durable on this device.
struct Saved {
  LogId log;
  std::uint64_t seq = 0;
};

struct LogState {
  Genesis genesis;
  bool frozen = false;
  Position head;
  std::uint64_t sent_seq = 0;
  Position received;            ///< seq 0: nothing yet
  std::uint64_t merged_seq = 0;
  Position secured;             ///< two verified copies hold it, the authority said; seq 0: nothing yet
  Position pruned;              ///< up to here entries are gone; only the hash and the statement are left
  [[nodiscard]] Position start() const { return {0, genesis_hash(genesis)}; }
};

/// What is wrong with a log, and how much of it is good.
struct Damage {
  LogId log;
  std::uint64_t good_through = 0;  ///< entries 1..good_through are readable
  std::uint64_t head_seq = 0;      ///< what the signed head says there should be
};

/// What the last entries weigh, and what room is left in the file itself.
struct Growth {
  std::uint64_t rounds = 0;      ///< seal keys that they are sealed with
  std::uint64_t bytes = 0;
  std::uint64_t free_bytes = 0;  ///< pages that deletion has left
};

struct FoundLogs;
struct KnownAuthor;

class Journal {
 public:
  /// Opens or creates. A new journal gets its first log. A log whose tail does not match its head, or whose first entry does
  /// not follow on its beginning, is reported by damage(), frozen for writing, and left as it is: the next save goes to a new
  /// log that names the old head. An id that rotted in the log table is read from the entries.
  /// Errors: those of common/database ("journal.db" in them).
  [[nodiscard]] static Result<Journal> open(const std::string& path, const DeviceId& device,
                                            const database::OpenOptions& options = {});
  /// For a rescue: reads only, makes and changes nothing, also in a journal of an older program or of a folder that was
  /// copied. The device is the one that its entries name (zero: it holds none). Errors: those of common/database;
  /// kRefused "newer_store"; kCorrupt "database_damaged" when it is no journal. Every call that changes something fails.
  [[nodiscard]] static Result<Journal> open_read_only(const std::string& path, const char* vfs = nullptr);
  [[nodiscard]] const DeviceId& device() const;
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;
  ~Journal();

  /// Seals, chains, signs and commits `events` (1..kBatchEntriesMax) and `companions` in one transaction.
  /// On success everything is durable (*saved*). On any error nothing of it is, and the journal stands as before.
  /// A run that would not fit one batch is signed in between, so that every batch ends at a signed entry.
  [[nodiscard]] Result<std::vector<Saved>> save(const std::vector<ByteView>& events, const Author& author,
                                                const Sealing& sealing, const std::vector<Companion>& companions = {});
  /// The same for companions alone.
  [[nodiscard]] Status save_companions(const std::vector<Companion>& companions);
  [[nodiscard]] Result<std::vector<Companion>> companions(int kind);
  [[nodiscard]] Result<std::optional<Bytes>> companion(int kind, ByteView key);

  /// In order of creation; the last one that is not frozen takes new entries.
  [[nodiscard]] Result<std::vector<LogState>> logs();
  [[nodiscard]] const std::vector<Damage>& damage() const;
  /// Whether, at opening, the table of companions was in order. If not, some may be missing: say so; what is there can be used.
  [[nodiscard]] bool companions_whole() const;

  using Visitor = std::function<Status(const EntryView&, ByteView signature)>;
  /// kRefused "entry_pruned" when `from` is gone. Visits entries `from`.. of a log in order, each once its hash is confirmed by its successor or by the head.
  /// kCorrupt "chain_broken" | "entry_unreadable" at the first bad entry (those before it were visited); stops with the
  /// visitor's error. Views live until the visitor returns.
  [[nodiscard]] Status scan(const LogId& log, std::uint64_t from, const Visitor& visitor);
  /// One batch from `from` on, verified against the chain; empty when there is nothing. It ends at a signature that
  /// verifies: one that rotted is covered by the next one after it. kCorrupt "signature_damaged" when there are entries
  /// but none of their signatures verifies.
  [[nodiscard]] Result<Bytes> read_batch(const LogId& log, std::uint64_t from);
  /// The hash of one entry; seq 0: the genesis. kRefused "entry_unknown", also of one that was pruned (but the last).
  [[nodiscard]] Result<Hash> hash_at(const LogId& log, std::uint64_t seq);

  /// Durable on return. A receipt never moves backwards. kCorrupt for a log that is not among logs().
  [[nodiscard]] Status record_sent(const LogId& log, std::uint64_t seq);
  [[nodiscard]] Status record_received(const LogId& log, const Position& through, ByteView signed_receipt);
  [[nodiscard]] Status record_merged(const LogId& log, std::uint64_t seq);

  /// The authority's statement that everything up to there is secured; kept as it came, for it is what is left when
  /// entries go. Durable on return; never moves back. kRefused "entry_unknown" when this journal holds another hash there.
  [[nodiscard]] Status record_secured(const LogId& log, const Position& through, ByteView signed_statement);
  /// As it came; empty: none yet.
  [[nodiscard]] Result<Bytes> secured_statement(const LogId& log);
  /// Deletes entries up to `through` as far as they are secured, never on a receipt, and never one whose seal key a later
  /// entry needs: so what stays can be opened by a server that never saw what went. Hash, signature and statement of the
  /// last one that went stay. How many went; durable on return; call forget_deleted() after it. A crash half-way leaves
  /// the anchor and some entries before it, which count as gone. kCorrupt when the chain does not lead to the secured
  /// place: nothing goes then.
  [[nodiscard]] Result<std::uint64_t> prune(const LogId& log, std::uint64_t through);

  /// Freezes the open log and starts one that names its head. Durable on return.
  [[nodiscard]] Status start_new_log();

  /// Over the last 2,000 entries at most.
  [[nodiscard]] Result<Growth> growth();
  /// What to do when a commit finds the disk full: true when it is worth trying once more.
  void on_full_disk(std::function<bool()> make_room);

  /// Nothing that was deleted is left in the WAL file. kRetry "checkpoint_blocked".
  [[nodiscard]] Status forget_deleted();
  /// Every log, entry and companion: overwritten, and out of the WAL file, on success. For a handheld that is wiped; the
  /// caller knows that the server has it all. No log is left to write to: open() makes a new one. Can be repeated.
  [[nodiscard]] Status forget_everything();

 private:
  struct State;
  explicit Journal(std::unique_ptr<State> state);
  [[nodiscard]] static Result<Journal> with(database::Database database, const DeviceId& device, FoundLogs found,
                                            std::vector<KnownAuthor> authors);
  [[nodiscard]] Result<std::vector<Saved>> save_once(const std::vector<ByteView>& events, const Author& author, const Sealing& sealing,
                                                     const std::vector<Companion>& companions);
  [[nodiscard]] Status save_companions_once(const std::vector<Companion>& companions);
  [[nodiscard]] Result<LogState> log_state(const LogId& log);
  [[nodiscard]] Result<std::int64_t> log_ref_of(const LogId& log);
  [[nodiscard]] Result<Hash> hash_by_looking(std::int64_t place);
  std::unique_ptr<State> state_;
};

}  // namespace lantaarn::journal
