#pragma once
// One sync of an open folder, with what it leaves behind: keys, clock, leases, a wipe, and an empty caseload filled in the
// place of a damaged one. Needs nobody's PIN. Blocks.

#include "firmware_app/handheld/folder.hpp"
#include "firmware_app/uplink/uplink.hpp"

namespace lantaarn::firmware {

struct Synchronised {
  SyncReport report;
  std::uint64_t pruned = 0;
  bool wiped = false;   ///< this handheld is empty now: the folder is spent
  bool wiping = false;  ///< a wipe was begun, and waits for a further sync
};

/// Errors: those of sync_once, vault and journal; kCorrupt "journal_damaged" when a part of it could not be sent. After any of
/// them nothing is lost (Outbox::counts() says what waits).
[[nodiscard]] Result<Synchronised> synchronise(Folder& folder, Outbox& outbox, const sync::ProgressSink& progress);

/// Saved here, and not known to be received.
[[nodiscard]] std::uint64_t waiting(const OutboxCounts& counts);

}  // namespace lantaarn::firmware
