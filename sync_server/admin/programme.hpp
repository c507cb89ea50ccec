#pragma once
// The programme's own figures for the overview: from what stands in clear, nothing is opened.

#include <boost/json/value.hpp>

#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

/// Time-out stays and flex budget of the calendar year of `today`; visits and hours of the period ("" = that year);
/// what is open or waiting today.
[[nodiscard]] Result<boost::json::object> programme_document(Registry& registry, const std::string& today, std::string from, std::string through);

}  // namespace lantaarn::server::admin
