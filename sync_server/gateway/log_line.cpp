#include "sync_server/gateway/log_line.hpp"

#include <unistd.h>

namespace lantaarn::server::gateway {

void log_line(const std::string& what) {
  const std::string line = "gateway: " + what + "\n";
  // A log that cannot be written is no reason to stop receiving.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace lantaarn::server::gateway
