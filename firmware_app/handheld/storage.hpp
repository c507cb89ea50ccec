#pragma once
// How long the disk will do.

#include "firmware_app/handheld/folder.hpp"

namespace lantaarn::firmware {

struct Storage {
  std::uint64_t days_left = 0;  ///< of rounds, one a day; at most kDaysShownMax
  bool low = false;             ///< fewer than asked for (--warn-days)
  bool reserve = false;         ///< room is kept back for when the disk is full
};

/// Never an error: what cannot be found out counts as no room.
[[nodiscard]] Storage storage_of(Folder& folder);

}  // namespace lantaarn::firmware
