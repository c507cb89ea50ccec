#pragma once
// What every command that saves answers: the event, its place, whom it is about.

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/cli/storage.hpp"

namespace lantaarn::firmware::cli {

/// `label` is said with {0} the event's id and {1} its number.
/// "storage" says how long the disk of `folder` will do.
[[nodiscard]] Answer saved_answer(Folder& folder, const SavedEvent& saved, const char* label);
/// The same of a record: with its id and kind, without a follow-up.
[[nodiscard]] Answer saved_record_answer(Folder& folder, const SavedEvent& saved, const EventId& record, const std::string& kind);

}  // namespace lantaarn::firmware::cli
