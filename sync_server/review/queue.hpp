#pragma once
// Everything that waits for a decision, in one list: who may be one woman, fields with two values, conversations written down
// twice, what was set apart, forks, what is lost.

#include <boost/json/array.hpp>
#include <map>

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::review {

/// Of one sort at most so many are shown; the rest comes when these are decided.
inline constexpr std::size_t kShownOfAKind = 200;

struct QueueCounts {
  std::uint64_t matches = 0, conflicts = 0, shared = 0, quarantine = 0, forks = 0, losses = 0;
};
/// Of everybody: numbers only. `conflicts` and what was set apart are as the registry's overview counts them.
[[nodiscard]] Result<QueueCounts> count_queue(admin::Context& context, const Overview& overview);

/// What `context` opens; `with_server`: also what is about no woman (what was set apart, losses) and who may be one woman.
[[nodiscard]] Result<boost::json::array> queue_items(admin::Context& context, bool with_server);

}  // namespace lantaarn::server::review
