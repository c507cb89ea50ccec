#pragma once
// Time-out stays and the flex budget of a year. Whom they are for is shown to who may see her.

#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

[[nodiscard]] admin::Answer show_time_out(RouteCall& call);
[[nodiscard]] admin::Answer show_flex_budget(RouteCall& call);

}  // namespace lantaarn::server::review
