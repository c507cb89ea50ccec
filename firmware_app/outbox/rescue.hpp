#pragma once
// A rescue: everything that is sealed in a journal, copied out of it (common/sync/RESCUE.md). Needs no PIN, no vault and no
// device secret; opens nothing, changes nothing.

#include "common/journal/journal.hpp"
#include "common/sync/stick_file.hpp"

namespace lantaarn::firmware {

struct RescueCounts {
  std::uint64_t logs = 0;
  std::uint64_t entries = 0;      ///< copied
  std::uint64_t unreadable = 0;   ///< saved once, and damaged or unreachable behind what is
};

/// The journal of a folder, for reading only. Where the folder cannot be written to (a card that turned read-only), a copy in
/// `scratch` is read, an existing empty folder of the caller's. Errors: kRefused "nothing_to_rescue" (no journal, or no entry
/// in it), "newer_store"; kRetry "database_locked" (the app has it open); kCorrupt "database_damaged"; those of the disk.
[[nodiscard]] Result<journal::Journal> open_for_rescue(const std::string& folder, const std::string& scratch);

/// Every log with its batches, as far as it can be read, to the end mark. Errors: those of the writer; of reading only those
/// that are not damage.
[[nodiscard]] Result<RescueCounts> write_rescue(journal::Journal& journal, sync::StickWriter& writer);

}  // namespace lantaarn::firmware
