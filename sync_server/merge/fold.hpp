#pragma once
// From an aggregate's events to its view. Pure: the same set of events gives the same view, in whatever order it came.

#include "sync_server/merge/examine.hpp"

namespace lantaarn::server {

/// One event with all the entries it came in.
struct KnownEvent {
  EventId id;
  bool admitted = false;                   ///< in at least one of its entries
  EntryRef anchor = 0;                     ///< its first entry here
  const StoredEntry* shown = nullptr;      ///< the least (log, seq, hash) of its admitted entries, or of all
};
/// Groups an aggregate's entries by event, leaving out those whose bytes alone disqualify them. Views into `entries`.
[[nodiscard]] std::vector<KnownEvent> known_events(const std::vector<StoredEntry>& entries);

/// `events` are those of all that are linked to her, when she stands for a cluster.
[[nodiscard]] ClientFold fold_client(const ClientId& id, const std::vector<KnownEvent>& events);
/// Nothing while its ContactLogged is not admitted. Without `repaired_at_ms`.
[[nodiscard]] std::optional<ContactFold> fold_contact(const EventId& id, const std::vector<KnownEvent>& events);
/// Nothing while its RecordAdded is not admitted. Changes of another kind than the record's do not count.
[[nodiscard]] std::optional<RecordFold> fold_record(const EventId& id, const std::vector<KnownEvent>& events);
[[nodiscard]] std::optional<FollowUpFold> fold_follow_up(const EventId& id, const std::vector<KnownEvent>& events);
/// Nothing when no event of it is admitted.
[[nodiscard]] std::optional<Round> fold_round(const RoundId& id, const std::vector<KnownEvent>& events);

}  // namespace lantaarn::server
