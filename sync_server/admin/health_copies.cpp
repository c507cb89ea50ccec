#include "sync_server/admin/health_copies.hpp"

#include <algorithm>
#include <set>

namespace lantaarn::server::admin {

Result<SecuredLogs> secured_logs(Registry& registry, const std::vector<DeviceView>& devices) {
  SecuredLogs secured;
  for (const DeviceView& device : devices) {
    LANTAARN_ASSIGN(const auto logs, registry.secured(device.id));
    for (const SecuredThrough& log : logs) secured[{device.id, log.log}] = log.through.seq;
  }
  return secured;
}

Result<std::optional<std::int64_t>> last_backup_ms(Registry& registry) {
  LANTAARN_ASSIGN(const auto made, registry.entries_of_kind(model::Event::kBackupMade));
  std::optional<std::int64_t> last;
  for (const StoredEntry& entry : made) last = std::max(last.value_or(entry.received_ms), entry.received_ms);
  return last;
}

Result<std::vector<std::int64_t>> waiting_directives_ms(Registry& registry) {
  LANTAARN_ASSIGN(const auto given, registry.entries_of_kind(model::Event::kDirectiveGiven));
  LANTAARN_ASSIGN(const auto carried_out, registry.entries_of_kind(model::Event::kDirectiveCarriedOut));
  std::set<std::string> done;
  for (const StoredEntry& entry : carried_out) {
    LANTAARN_ASSIGN(const auto event, model::decode_event(entry.bytes));
    done.insert(event.directive_carried_out().directive());
  }
  std::vector<std::int64_t> waiting;
  for (const StoredEntry& entry : given) {
    if (!done.contains(to_string(entry.event.view()))) waiting.push_back(entry.received_ms);
  }
  return waiting;
}

}  // namespace lantaarn::server::admin
