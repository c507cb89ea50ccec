#include "sync_server/review/request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

namespace lantaarn::server::review {
namespace {

const boost::json::value* member(const boost::json::value& body, std::string_view name) {
  return body.is_object() ? body.as_object().if_contains(name) : nullptr;
}

}  // namespace

std::string Request::text(std::string_view name) const {
  const auto* value = member(body, name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::vector<std::string> Request::texts(std::string_view name) const {
  const auto* value = member(body, name);
  if (value == nullptr) return {};
  if (value->is_string()) return {std::string(value->as_string())};
  std::vector<std::string> found;
  if (!value->is_array()) return found;
  for (const auto& each : value->as_array()) {
    if (each.is_string()) found.emplace_back(each.as_string());
  }
  return found;
}

bool Request::flag(std::string_view name) const {
  const auto* value = member(body, name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

}  // namespace lantaarn::server::review
