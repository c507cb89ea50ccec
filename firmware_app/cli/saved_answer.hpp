#pragma once
// What every command that saves answers: the event, its place, whom it is about.

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/cli/answer.hpp"

namespace lantaarn::firmware::cli {

/// `label` is said with {0} the event's id and {1} its number.
[[nodiscard]] Answer saved_answer(const SavedEvent& saved, const char* label);
/// The same of a record: with its id and kind, without a follow-up.
[[nodiscard]] Answer saved_record_answer(const SavedEvent& saved, const EventId& record, const std::string& kind);

}  // namespace lantaarn::firmware::cli
