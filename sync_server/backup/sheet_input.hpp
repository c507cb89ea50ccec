#pragma once
// Where two sheets come from: files, or a terminal. Read straight into locked memory.

#include "sync_server/backup/sheet.hpp"

namespace lantaarn::server::backup {

/// Opens the recovery key with two sheets: of each file given (as typed from the sheet, or scanned; at most two), and for
/// those that are missing the terminal asks, line by line, without showing what is typed; a wrong line is asked again.
/// Errors: those of sheet.hpp; kRefused "file_unreadable" {path}, "sheets_too_many", "no_terminal", "sheet_short" when the
/// terminal ends.
[[nodiscard]] Result<RecoveryKey> read_sheets(const std::vector<std::string>& files);

}  // namespace lantaarn::server::backup
