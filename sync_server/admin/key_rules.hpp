#pragma once
// When a private key of the server may be destroyed. Pure: everything it depends on is an argument. KEYS.md says why.

#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace lantaarn::server::admin {

/// What is known of an enrolled handheld that was not revoked.
struct KeyHolder {
  std::string name;
  std::uint32_t generation = 1;  ///< of server keys that it knows
  std::int64_t since_ms = 0;     ///< since when all it had sealed before that is merged here
};

/// One key that was followed by another.
struct KeyToDestroy {
  std::uint32_t number = 0;
  std::uint32_t next_generation = 0;   ///< with which the one after it came into force
  std::int64_t next_made_ms = 0;
};

/// A handheld that does not know the next key still calls the server by this one, or holds entries that only this one
/// opens. kRefused "key_needed_by_handheld" {names}.
[[nodiscard]] Status check_holders(const KeyToDestroy& key, const std::vector<KeyHolder>& holders);

/// A backup of before the last entry under this key was merged would, restored, need the key to take the rest in: from
/// handhelds that send again, and from the server's own log. `backups_ms`: when those that still exist were made.
/// kRefused "key_needed_by_backup" {the oldest such day, the day from which on they need it no more}.
[[nodiscard]] Status check_backups(const KeyToDestroy& key, const std::vector<KeyHolder>& holders,
                                   const std::vector<std::int64_t>& backups_ms);

}  // namespace lantaarn::server::admin
