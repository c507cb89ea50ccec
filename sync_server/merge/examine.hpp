#pragma once
// What an opened event says by itself, before anything else is known: its verdict, what it belongs to, whose key seals
// it. Pure.

#include <functional>

#include "common/journal/format.hpp"
#include "sync_server/registry/store.hpp"

namespace lantaarn::model::pb {
class Event;
}

namespace lantaarn::server {

enum class AggregateKind : std::uint8_t { kClient, kContact, kFollowUp, kRound, kRecord };
struct Aggregate {
  AggregateKind kind = AggregateKind::kClient;
  AggregateId id{};
  auto operator<=>(const Aggregate&) const = default;
};

/// A sealed entry's surroundings.
struct EntryContext {
  EntryPlace place;
  UserId author;
  std::int64_t received_ms = 0;
  bool verified = false;
  bool own = false;                      ///< of the server's own log
};

struct Examined {
  EntryRecord record;
  std::optional<EventId> sealed_like;    ///< belongs to this event: sealed under that one's key where it is known
  std::vector<ClientId> names;           ///< women whose erasure drops it
  std::vector<Aggregate> touches;        ///< what is to be folded again
  std::int64_t monotonic_ms = 0;
  std::optional<ContactFold> contact;    ///< the view, if nothing else is ever said about it
  std::optional<FollowUpFold> follow_up;
  std::optional<RecordFold> added_record;
};

/// Facts numbered above `newest_fact` are unknown to this program.
[[nodiscard]] Examined examine(const EntryContext& context, Bytes event_bytes, int newest_fact);
/// The same for an event from the store; `own`: of a server's own log.
[[nodiscard]] Examined examine(const StoredEntry& stored, bool own, int newest_fact);

/// A contact's view as it was logged, without repairs.
[[nodiscard]] ContactFold contact_as_logged(const EventId& id, const model::pb::Event& event);
/// A record's view as it was added.
[[nodiscard]] RecordFold record_as_added(const EventId& id, const model::pb::Event& event);
/// What of these values stands in clear; nothing for a kind that is not known.
[[nodiscard]] ClearValues clear_values(std::string_view kind, const std::function<std::string(std::string_view)>& value_of_field);

}  // namespace lantaarn::server
