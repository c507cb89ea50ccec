#pragma once
// `serve`: this process is the registry; it starts the gateway, answers it, merges, and takes commands until it is told
// to end.

#include <string>

#include "common/base/clock.hpp"
#include "common/base/result.hpp"
#include "sync_server/admin/command_line.hpp"

namespace lantaarn::server::admin {

/// Prints `sync HOST:PORT` (with --json {"sync": "HOST:PORT"}) on standard output once handhelds can connect; before it
/// `metrics HOST:PORT` ("metrics" beside "sync") when `metrics_address` is not empty. Returns after SIGTERM or SIGINT, with
/// what was received merged. Errors: kRefused "metrics_not_loopback"; kRetry "server_running", "in_use", "port_taken" {port}, "gateway_died"; kRefused
/// "address_invalid", those of OpenServer. Standard error gets log lines: ids, codes and numbers only.
[[nodiscard]] Status serve(const Globals& globals, const std::string& listen_address, const std::string& metrics_address,
                           const Clock& clock);

}  // namespace lantaarn::server::admin
