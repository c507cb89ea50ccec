#pragma once
// Entries that this server once had secured and lost, and that their handheld no longer holds: a case for as long as one
// of them is missing. Derived from the EntriesMissed facts and from what stands in the event store, so that it closes
// itself when a rescue of an older copy brings them after all.

#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

struct Loss {
  EventId id;                   ///< of the EntriesMissed
  DeviceId device;
  LogId log;
  std::uint64_t from_seq = 0;
  std::uint64_t through_seq = 0;
  std::uint64_t missing = 0;    ///< entries between those two that are not here
  std::int64_t noted_ms = 0;
};

/// The open ones, by (device, log, from).
[[nodiscard]] Result<std::vector<Loss>> open_losses(Registry& registry);

/// A part of a log that a handheld passed over: the inbox has it not.
struct MissedEntries {
  DeviceId device;
  LogId log;
  std::uint64_t from_seq = 0;
  journal::Position through;
};
/// What of that the event store has not either; nothing when it is all there. An EntriesMissed is due for it unless one
/// names it already.
[[nodiscard]] Result<std::optional<MissedEntries>> still_missing(Registry& registry, const MissedEntries& missed);
[[nodiscard]] Result<bool> is_noted(Registry& registry, const MissedEntries& missed);

}  // namespace lantaarn::server
