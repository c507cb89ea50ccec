#pragma once
// Handhelds that somebody was made to unlock: what their entries say, and until when they get no lease.
//
// After the second PIN a handheld is as if its lease had ended. Whoever forced it could have it synchronise too, so the
// server holds back that user's leases and cards there until a person says `unlock` about the handheld.

#include <boost/json/array.hpp>

#include "sync_server/admin/lookup.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

struct DuressUnlock {
  UserId user;
  std::int64_t recorded_ms = 0;  ///< by the handheld's clock
  bool clock_ok = false;
  std::int64_t received_ms = 0;  ///< by the server's
  bool held = true;              ///< no unlock directive since it was received
};

/// Those admitted, in order of receipt.
[[nodiscard]] Result<std::vector<DuressUnlock>> duress_unlocks(Registry& registry, const DeviceId& device);
/// Whether this user gets no lease and no cards on it.
[[nodiscard]] bool is_held(const std::vector<DuressUnlock>& unlocks, const UserId& user);

[[nodiscard]] boost::json::array duress_documents(const std::vector<DuressUnlock>& unlocks, const Names& names);

}  // namespace lantaarn::server::admin
