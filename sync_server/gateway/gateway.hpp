#pragma once
// Process 1: faces the handhelds. Holds the channel key, the receipt key and the devices' PSKs; no key that opens
// content and none that commands a handheld. Writes inbox.db and nothing else.

#include "sync_server/gateway/limits.hpp"

namespace lantaarn::server::gateway {

/// Runs until the registry says so, closes its end, or dies. `descriptor` is the socket to it (ipc.hpp); its first
/// frame must be Configure, the answer is Listening or StartFailed. Log lines go to standard error: ids, codes and
/// sizes only. Returns the process's exit code. The process as a whole: no core dumps, no new privileges, SIGINT and
/// SIGPIPE ignored, as many open files as allowed, and once it listens confined to what confinement.hpp says.
int gateway_main(int descriptor);

/// The same inside a process that does other things as well, with other limits and another disk (SQLite VFS): for tests.
int run_gateway(int descriptor, const GatewayLimits& limits, const char* inbox_vfs = nullptr);

}  // namespace lantaarn::server::gateway
