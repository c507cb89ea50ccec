#pragma once
// How the registry process gets its gateway: the same program again, with the hidden command `gateway --fd N`.

#include <sys/types.h>

#include <string>

#include "common/base/result.hpp"

namespace lantaarn::server::gateway {

/// The registry's end. The caller owns both: closes `descriptor` (which ends the gateway) and waits for `pid`.
struct GatewayProcess {
  int descriptor = -1;  ///< a stream socket; frames of ipc.hpp
  pid_t pid = -1;
};

/// fork + exec of `program` with `gateway --fd 3`. The child keeps standard streams and descriptor 3 only, ignores SIGTERM
/// and SIGINT (sent to a whole group they are the registry's to decide on), and is
/// killed when the thread that called this ends: call it from a thread that lives as long as the server.
/// Errors: kRetry "gateway_not_started".
[[nodiscard]] Result<GatewayProcess> launch_gateway(const std::string& program = "/proc/self/exe");
/// The same for another hidden command of the program, with `--fd 3`. Errors: kRetry "gateway_not_started".
[[nodiscard]] Result<GatewayProcess> launch_process(const char* command, const std::string& program = "/proc/self/exe");

}  // namespace lantaarn::server::gateway
