#pragma once
// A line of the server's log (sync_server/log) that needs no fields: ids, codes and sizes; never a name, a note or a key.

#include <string>

namespace lantaarn::server::gateway {

/// From any thread.
void log_line(const std::string& what);

}  // namespace lantaarn::server::gateway
