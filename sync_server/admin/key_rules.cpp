#include "sync_server/admin/key_rules.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"

namespace lantaarn::server::admin {

Status check_holders(const KeyToDestroy& key, const std::vector<KeyHolder>& holders) {
  std::string names;
  for (const KeyHolder& holder : holders) {
    if (holder.generation < key.next_generation) names += (names.empty() ? "" : ", ") + holder.name;
  }
  return names.empty() ? Status() : refused("key_needed_by_handheld", {names});
}

Status check_backups(const KeyToDestroy& key, const std::vector<KeyHolder>& holders, const std::vector<std::int64_t>& backups_ms) {
  std::int64_t needed_until_ms = key.next_made_ms;
  for (const KeyHolder& holder : holders) needed_until_ms = std::max(needed_until_ms, holder.since_ms);
  const auto oldest = std::min_element(backups_ms.begin(), backups_ms.end());
  if (oldest == backups_ms.end() || *oldest > needed_until_ms) return {};
  return refused("key_needed_by_backup", {to_string(date_in_amsterdam(*oldest)), to_string(date_in_amsterdam(needed_until_ms))});
}

}  // namespace lantaarn::server::admin
