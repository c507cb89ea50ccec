#pragma once
// The merge: inbox batches and the server's own decisions become events in the registry, and events become views.
// registry = fold(set of events): any order and any batching give the same digest. FORMAT.md is the document.
// One Merger per process, on the registry's thread; while merge() runs, a second thread of its own opens entries ahead.

#include <functional>
#include <map>
#include <memory>

#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

/// Grows when the same events would give other views; a registry of another version is folded again when opened.
inline constexpr int kFoldVersion = 2;

/// One batch as the inbox keeps it (common/journal/batch.hpp).
struct InboxBatch {
  std::int64_t inbox_id = 0;             ///< grows in order of receipt
  DeviceId device;
  LogId log;
  std::int64_t received_ms = 0;
  Bytes bytes;
};

/// Where batches come from. Called from the merge's own thread, one call at a time.
class InboxSource {
 public:
  virtual ~InboxSource() = default;
  /// From where to go on: not later than `cursor`, earlier when this is no longer the inbox that was noted then (lost, or
  /// put back from a copy). `mark` is what to note beside the cursor; empty: nothing.
  struct Resumption {
    std::int64_t cursor = 0;
    Bytes mark;
  };
  [[nodiscard]] virtual Result<Resumption> resume([[maybe_unused]] ByteView noted_mark, std::int64_t cursor) {
    return Resumption{cursor, {}};
  }
  /// Up to `batches_max` batches after `inbox_id`, in order; empty: no more for now.
  [[nodiscard]] virtual Result<std::vector<InboxBatch>> read_after(std::int64_t inbox_id, std::size_t batches_max) = 0;
};

/// The server's keys that the merge needs; they outlive the Merger. `sealing` is the newest. What is sealed names the
/// number of the key it is sealed to; one that is not here any more opens nothing, and the entry is held.
struct ServerKeys {
  ServerIdentity server;
  const crypto::BoxKey& sealing;
  std::uint32_t sealing_number = 1;
  const crypto::SignKey& authority;
  const std::map<std::uint32_t, crypto::BoxKey>* former_sealing = nullptr;  ///< by number; null: none

  /// Null: destroyed, or never here.
  [[nodiscard]] const crypto::BoxKey* sealing_key(std::uint32_t number) const;
};

struct MergeOptions {
  std::size_t entries_per_transaction = 5000;
  bool observes_forks = true;            ///< false when replaying: the own log holds what was observed
  int fold_version = kFoldVersion;
  int newest_fact = 1 << 30;             ///< facts above are unknown, as to an older program
};

struct MergeReport {
  std::uint64_t batches = 0;
  std::uint64_t entries = 0;
  std::uint64_t added = 0;               ///< entries that were not there yet
  std::uint64_t set_apart = 0;           ///< of those added
  std::int64_t cursor = 0;               ///< everything up to this inbox id is merged, durably
  bool more = false;                     ///< stopped at the limit
};

/// Of everything that can be read, opened; independent of order, batching, nonces and local ids; without repaired times.
struct Digest {
  int fold_version = 0;
  Hash value{};
  std::uint64_t events = 0, clients = 0, contacts = 0, follow_ups = 0, records = 0, rounds = 0, review_cases = 0, quarantined = 0;
  [[nodiscard]] std::string text() const;  ///< "fold1-<hex>"
  bool operator==(const Digest&) const = default;
};
[[nodiscard]] Result<Digest> digest(Registry& registry);

class Directory;

/// Takes what a registry is made of: everything that its views are folded from.
class EntrySink {
 public:
  virtual ~EntrySink() = default;
  [[nodiscard]] virtual Status add_entry(const StoredEntry& entry) = 0;    ///< opened
  [[nodiscard]] virtual Status add_dropped(const StoredEntry& entry) = 0;
  [[nodiscard]] virtual Status add_held(const HeldEntry& held) = 0;
  [[nodiscard]] virtual Status add_bad_batch(const Quarantined& apart) = 0;
};
/// Gives all of `live` to `sink`, in an order in which it can be replayed. `live` is only read.
[[nodiscard]] Status give_entries(Registry& live, EntrySink& sink);

/// Whose register is taken over.
struct Adoption {
  ServerId from;
  std::vector<DeviceId> former_servers;  ///< whose registers that server had taken over itself
};

class Merger {
 public:
  /// Loads users, devices, forks and revocations. A registry folded by another version is folded again.
  [[nodiscard]] static Result<Merger> open(Registry& registry, const ServerKeys& keys, const MergeOptions& options = {});
  Merger(Merger&&) noexcept;
  Merger& operator=(Merger&&) noexcept;
  ~Merger();

  /// Up to where this inbox is merged: the stored cursor, or an earlier place when the inbox is another one than it was.
  [[nodiscard]] Result<std::int64_t> cursor(InboxSource& inbox);

  /// Merges what the inbox holds past the cursor, or about `entries_max` entries of it. What is reported is durable
  /// (*merged*), the cursor in the same transaction. A poisoned entry or batch is set apart and the merge goes on.
  /// Errors are those of the registry and of the source; the registry then stands at the last whole transaction.
  [[nodiscard]] Result<MergeReport> merge(InboxSource& inbox, std::size_t entries_max = SIZE_MAX);

  using Also = std::function<Status(Change&)>;
  /// The server states facts: `events` (encoded, model::encode_event) are sealed and signed into the server's own log,
  /// stored, folded, and `also` runs, in one transaction. Durable on success. kRefused when an event is not valid.
  [[nodiscard]] Result<std::vector<EventId>> record(const std::vector<Bytes>& events, std::int64_t now_ms, const Also& also = {});

  /// Feeds the sink; the digest that the result must have.
  using Replay = std::function<Result<Digest>(EntrySink&)>;
  /// Takes over another server's register: what `replay` gives is admitted as it was there, RegisterImported is stated,
  /// `also` runs, in one transaction. kRefused "register_not_empty" unless nothing was ever recorded or merged here,
  /// "migration_differs" when the digests do; nothing is changed then, nor by an error of `replay`.
  [[nodiscard]] Status adopt(const Adoption& adoption, const Replay& replay, std::int64_t now_ms, const Also& also = {});

  /// The keys it was opened with have changed in place: what is stated from now on is sealed and signed with them.
  void keys_changed();

  /// Who is who, who is linked with whom, whose term is what: as of the last transaction, until the next.
  [[nodiscard]] Result<const Directory*> directory();

  struct State;

 private:
  Status adopt_in(Change& change, const Adoption& adoption, const Replay& replay, std::int64_t now_ms);
  explicit Merger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct RebuildReport {
  Digest stored;
  Digest rebuilt;
  [[nodiscard]] bool agrees() const { return stored == rebuilt; }
};
/// Folds every stored event again into `scratch` (an empty registry) and compares. `live` is only read.
[[nodiscard]] Result<RebuildReport> rebuild_and_compare(Registry& live, Registry& scratch, const ServerKeys& keys);

}  // namespace lantaarn::server
