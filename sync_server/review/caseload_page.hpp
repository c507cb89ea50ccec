#pragma once
// Who looks after whom.

#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

/// Everybody's women for who sees all; else her own.
[[nodiscard]] admin::Answer show_caseload(RouteCall& call);

}  // namespace lantaarn::server::review
