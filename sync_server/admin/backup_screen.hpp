#pragma once
// Answers of `backup …` and `restore` as text.

#include <boost/json/object.hpp>
#include <string>

namespace lantaarn::server::admin {

[[nodiscard]] std::string backup_screen(const std::string& command, const boost::json::object& document);

}  // namespace lantaarn::server::admin
