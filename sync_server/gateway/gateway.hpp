#pragma once
// Process 1: faces the handhelds. Holds the channel key, the receipt key and the devices' PSKs; no key that opens
// content and none that commands a handheld. Writes inbox.db and nothing else.

namespace lantaarn::server::gateway {

/// Runs until the registry says so, closes its end, or dies. `descriptor` is the socket to it (ipc.hpp); its first
/// frame must be Configure, the answer is Listening or StartFailed. Log lines go to standard error: ids, codes and
/// sizes only. Returns the process's exit code.
int gateway_main(int descriptor);

}  // namespace lantaarn::server::gateway
