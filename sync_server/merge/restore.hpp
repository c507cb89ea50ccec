#pragma once
// A registry put back from its second copy (sync_server/backup): the event store as it was archived, then what the server
// itself said later. Everything is examined, judged and folded anew; nothing of a copied view is believed.

#include <memory>

#include "sync_server/merge/merge.hpp"

namespace lantaarn::server {

struct ArchivedRun {
  UnverifiedRun run;
  std::vector<Hash> entries;
};

/// On an empty registry that has its secrets and identity already; some thousands of entries a transaction. What fails
/// half-way leaves a registry that is of no use.
class Restorer {
 public:
  /// `former_servers`: whose registers this server had taken over.
  [[nodiscard]] static Result<std::unique_ptr<Restorer>> open(Registry& registry, const ServerKeys& keys,
                                                              const std::vector<DeviceId>& former_servers);
  ~Restorer();

  /// Takes the archive's entries.
  [[nodiscard]] EntrySink& entries();
  /// Runs that nobody's key had verified; after the entries.
  [[nodiscard]] Status add_runs(const std::vector<ArchivedRun>& runs);
  /// Stores and folds what entries() was given since the last time.
  [[nodiscard]] Status settle();
  /// Whether what is settled says that everything about this owner (a woman, a contact) is erased or ended.
  [[nodiscard]] bool is_gone(const AggregateId& owner) const;
  /// One entry of the server's own log, oldest first, into that log only. What it says goes through entries().
  [[nodiscard]] Status append_own(const std::vector<std::pair<LogId, OwnEntry>>& entries);
  /// The own log goes on in a new log behind `head`, which is where it was last known to end: what was lost of it cannot be
  /// mistaken for a fork. States `event` and runs `also`; durable.
  [[nodiscard]] Status state(ByteView event, const std::pair<LogId, journal::Position>& head, std::int64_t now_ms, const Merger::Also& also);

 private:
  struct Parts;
  explicit Restorer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace lantaarn::server
