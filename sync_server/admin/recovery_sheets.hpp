#pragma once
// `recovery create`: the key is made here, in the process of whoever asks, and goes to paper. The server, which may be
// another process that lives for months, hears its public halves only.

#include <functional>

#include "sync_server/admin/arguments.hpp"
#include "sync_server/admin/output.hpp"

namespace lantaarn::server::admin {

/// Puts a question to the server, wherever it runs.
using AskServer = std::function<Answer(const Arguments&)>;

/// Writes recovery-1.pdf to recovery-3.pdf into the folder `sheets` (made when it is not there; files 0600, never over an
/// existing one), and then has the server write the public halves down: a key that the server knows has its sheets.
/// Refused half-way, nothing of the sheets is left. The document: number, fingerprint, made_at, server_id, sheets (paths).
/// Errors: kRefused "recovery_exists", "reason_needed", "file_exists" {path}; kStorage "file_not_written" {path}; those of
/// paper/document.hpp.
[[nodiscard]] Answer create_recovery_sheets(const Arguments& arguments, const AskServer& ask_server);

}  // namespace lantaarn::server::admin
