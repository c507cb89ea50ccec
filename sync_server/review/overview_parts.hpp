#pragma once
// What the page's overview shows beside the command's: what cannot wait first. By name only what is her own.

#include <boost/json/object.hpp>

#include "sync_server/review/route.hpp"

namespace lantaarn::server::review {

/// Twelve months, this one last.
[[nodiscard]] Result<boost::json::array> contacts_by_month(RouteCall& call);
/// Enrolled handhelds that have not been here for as long as `check` warns of.
[[nodiscard]] boost::json::array silent_handhelds(const RouteCall& call, const Overview& overview);
/// What handhelds have said they saved, and nobody has received.
[[nodiscard]] Result<boost::json::array> gaps(RouteCall& call, const Overview& overview);
/// Follow-ups that are due, the longest first.
[[nodiscard]] Result<boost::json::array> overdue(RouteCall& call, const Overview& overview);
[[nodiscard]] Result<boost::json::object> out_of_sight(RouteCall& call, const Overview& overview);

}  // namespace lantaarn::server::review
