#pragma once
// How long the disk will do, in every answer that saved something and in `status`.

#include "firmware_app/cli/answer.hpp"
#include "firmware_app/cli/folder.hpp"

namespace lantaarn::firmware::cli {

struct Storage {
  std::uint64_t days_left = 0;  ///< of rounds, one a day; at most kDaysShownMax
  bool low = false;             ///< fewer than asked for (--warn-days)
  bool reserve = false;         ///< room is kept back for when the disk is full
};

/// Never an error: what cannot be found out counts as no room.
[[nodiscard]] Storage storage_of(Folder& folder);
/// {"days_left", "low", "reserve"}.
[[nodiscard]] boost::json::object storage_json(const Storage& storage);
/// Adds "storage" to the document, and a line when it is low.
void add_storage(Answer& answer, Folder& folder);

}  // namespace lantaarn::firmware::cli
