#pragma once
// The page's part of the registry process: the web process on one side, Router on the other.

#include "sync_server/admin/open_server.hpp"
#include "sync_server/admin/page_host.hpp"

namespace lantaarn::server::review {

/// Starts the web process (call it before the server is confined, and while it has one thread), waits until it listens,
/// opens the desk. Errors: kRefused "web_needs_tls", "certificate_unreadable" {part}, "address_invalid"; kRetry
/// "port_taken", "web_died"; those of Desk::open.
[[nodiscard]] Result<std::unique_ptr<admin::PageHost>> open_page(admin::OpenServer& server, const admin::Folder& folder,
                                                                 const admin::PageOptions& options, const Clock& clock);

/// The page's own commands, where no server runs: "user invite", "access-log verify".
[[nodiscard]] std::optional<admin::Answer> run_page_command(admin::Context& context, const admin::Arguments& arguments);

}  // namespace lantaarn::server::review
