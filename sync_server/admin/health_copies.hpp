#pragma once
// What `check` says of second copies and of what handhelds were asked. Reads the registry only.

#include <map>

#include "sync_server/admin/health.hpp"

namespace lantaarn::server::admin {

/// By log: how far two verified independent copies hold it.
using SecuredLogs = std::map<std::pair<DeviceId, LogId>, std::uint64_t>;
[[nodiscard]] Result<SecuredLogs> secured_logs(Registry& registry, const std::vector<DeviceView>& devices);

/// When the last backup was made (the own log says so); nothing: never. When a directive was given that was not carried
/// out yet.
[[nodiscard]] Result<std::optional<std::int64_t>> last_backup_ms(Registry& registry);
[[nodiscard]] Result<std::vector<std::int64_t>> waiting_directives_ms(Registry& registry);

}  // namespace lantaarn::server::admin
