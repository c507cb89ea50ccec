#pragma once
// What the matcher may know of a client, and nothing else: names and parts of a birth date. No place, no time, no number,
// no description; a room that never learns them cannot match on them.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lantaarn::server::linkage {

struct LinkRecord {
  std::string id;                      ///< opaque and unique; breaks ties, so that the input's order does not matter
  std::vector<std::string> preferred;  ///< what she is called, each as it was typed
  std::vector<std::string> given;
  std::vector<std::string> family;
  std::optional<int> birth_year;   ///< birth parts are compared digit by digit: a month 15 is a typing error, not refused
  std::optional<int> birth_month;
  std::optional<int> birth_day;
};

}  // namespace lantaarn::server::linkage
