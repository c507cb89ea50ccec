#pragma once
// The overview as a document, for whoever has read it.

#include <boost/json/object.hpp>

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Puts the handhelds in order of name. `from`, `through`: of the programme's figures ("" = this year).
[[nodiscard]] Result<boost::json::object> overview_document(Context& context, Overview& overview, const std::string& from, const std::string& through);

/// A date that was asked for, or "". kRefused "date_invalid".
[[nodiscard]] Result<std::string> date_in(const Arguments& arguments, const char* flag);

}  // namespace lantaarn::server::admin
