#pragma once
// What a command answers: one JSON document, and the same as lines for people.

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "common/base/result.hpp"
#include "common/model/own_codes.hpp"

namespace lantaarn::firmware::cli {

struct Answer {
  boost::json::value document;
  std::vector<std::string> lines;
  std::vector<Error> warnings;  ///< said on standard error; the command was done all the same
};

/// Text that cannot move a cursor, turn a line around or hide something: control characters and direction overrides
/// are shown as \u{…}; a line end as ⏎.
[[nodiscard]] std::string visible(std::string_view text);

/// Rows under one another, columns two spaces apart; cells are made visible().
[[nodiscard]] std::vector<std::string> columns(const std::vector<std::vector<std::string>>& rows);

/// "" becomes null.
[[nodiscard]] boost::json::value or_null(std::string_view text);

/// Bytes of an id in hex; "" becomes null.
[[nodiscard]] boost::json::value hex_or_null(const std::string& id);
[[nodiscard]] boost::json::array array_of(const std::vector<std::string>& texts);
/// The customer's own codes, for word_for(); of this process.
void know_own_codes(const model::OwnCodes& codes);
/// The word for a code; "" for none.
[[nodiscard]] std::string word_for(std::string_view list, std::string_view code);

}  // namespace lantaarn::firmware::cli
