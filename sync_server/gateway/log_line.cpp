#include "sync_server/gateway/log_line.hpp"

#include "sync_server/log/log.hpp"

namespace lantaarn::server::gateway {

void log_line(const std::string& what) { log::write(log::Kind::kNote, what); }

}  // namespace lantaarn::server::gateway
