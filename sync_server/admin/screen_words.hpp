#pragma once
// Shared by the screens: reading members, words for codes, times for people.

#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"

namespace lantaarn::server::admin {

inline std::string text_in(const boost::json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
inline std::uint64_t count_in(const boost::json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value == nullptr || !value->is_number() ? 0 : value->to_number<std::uint64_t>();
}
inline bool is_set_in(const boost::json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}
inline const boost::json::array& list_in(const boost::json::object& of, const char* name) {
  static const boost::json::array kNone;
  const auto* value = of.if_contains(name);
  return value == nullptr || !value->is_array() ? kNone : value->get_array();
}

inline std::string label(const std::string& thing, const std::vector<std::string>& args = {}) {
  return words::text("label:" + thing, args);
}
/// "" stays ""; a code of the customer's own stands as it is.
inline std::string code_word(const std::string& kind, const std::string& code) {
  const std::string key = "code:" + kind + ":" + code;
  return words::has_text(words::language(), key) ? words::text(key) : code;
}
/// RFC 3339 as "22-11-2026 20:30" in Amsterdam; "" stays "".
inline std::string local_time(const std::string& instant) {
  const auto ms = parse_rfc3339(instant);
  return ms ? to_amsterdam_text(*ms) : instant;
}
/// "2026-11-22" as "22-11-2026".
inline std::string local_date(const std::string& date) {
  if (date.size() != 10) return date;
  return date.substr(8, 2) + "-" + date.substr(5, 2) + "-" + date.substr(0, 4);
}

}  // namespace lantaarn::server::admin
