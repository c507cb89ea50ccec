#pragma once
// A woman's dossier as the page asks for it: what fits above it, and what is written in it, a piece at a time.

#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

/// Name, status, who looks after her, when she was last spoken with, consent, what to mind. Few reads: asked for all the time.
[[nodiscard]] admin::Answer show_summary(RouteCall& call);
/// {"items", "next"}: the newest first; "before" is the "next" of the piece before.
[[nodiscard]] admin::Answer show_timeline(RouteCall& call);
/// By name, typing errors forgiven; or her own caseload; or everyone by name.
[[nodiscard]] admin::Answer search_clients(RouteCall& call);
/// Everything about her in one document, for herself.
[[nodiscard]] admin::Answer export_dossier(RouteCall& call);

}  // namespace lantaarn::server::review
