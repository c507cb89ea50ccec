#pragma once
// One line on standard error, whole: ids, codes and sizes; never a name, a note or a key.

#include <string>

namespace lantaarn::server::gateway {

/// "gateway: <what>". Safe from any thread.
void log_line(const std::string& what);

}  // namespace lantaarn::server::gateway
