#pragma once
// How long the disk will do, in every answer that saved something and in `status`.

#include "firmware_app/cli/answer.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/handheld/storage.hpp"

namespace lantaarn::firmware::cli {

/// {"days_left", "low", "reserve"}.
[[nodiscard]] boost::json::object storage_json(const Storage& storage);
/// Adds "storage" to the document, and a line when it is low.
void add_storage(Answer& answer, Folder& folder);

}  // namespace lantaarn::firmware::cli
