#pragma once
// Process 3: faces the browsers. Ends TLS, reads HTTP, hands plain values to the registry process and writes its answers;
// serves the page's own files by itself. Holds the TLS key and nothing else: no key of the registry, no database.

namespace lantaarn::server::review {

/// Runs until the registry says so, closes its end, or dies. `descriptor` is the socket to it; its first frame must be
/// Open, the answer is Listening or StartFailed (web.proto). Returns the process's exit code. Log lines: codes only.
int web_main(int descriptor);

}  // namespace lantaarn::server::review
