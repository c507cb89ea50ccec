#pragma once
// `serve`: this process is the registry; it starts the gateway and the web process, answers them, merges, and takes
// commands until it is told to end.

#include <string>

#include "common/base/clock.hpp"
#include "common/base/result.hpp"
#include "sync_server/admin/command_line.hpp"
#include "sync_server/admin/page_host.hpp"

namespace lantaarn::server::admin {

struct ServeOptions {
  std::string sync;     ///< "HOST:PORT"
  std::string metrics;  ///< the same on loopback; "" = none
  PageOptions page;     ///< an empty `listen`: no page
};

/// Prints `sync HOST:PORT` (with --json {"sync": "HOST:PORT"}) on standard output once handhelds can connect; before it
/// `metrics HOST:PORT`, `page ORIGIN` and, as long as no administrator can sign in, `invitation LINK`. Returns after
/// SIGTERM or SIGINT, with what was received merged. Errors: kRefused "metrics_not_loopback", "address_invalid"; kRetry
/// "server_running", "in_use", "port_taken" {port}, "gateway_died"; those of OpenServer and of `room.open`. Standard error
/// gets log lines: ids, codes and numbers only.
[[nodiscard]] Status serve(const Globals& globals, const ServeOptions& options, const PageRoom& room, const Clock& clock);

}  // namespace lantaarn::server::admin
