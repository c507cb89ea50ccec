#pragma once
// The code lists of the domain: what may be said about a contact, a client, a user. Codes are stored and exchanged
// as they stand here and never translated; words for people are "code:<kind>:<code>" in common/words.

#include <span>
#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace lantaarn::model {

struct CodeList {
  std::string_view kind;
  std::span<const std::string_view> codes;
};

/// Every list, in the order people read them.
[[nodiscard]] std::span<const CodeList> code_lists();
/// Empty for an unknown kind.
[[nodiscard]] std::span<const std::string_view> codes_of(std::string_view kind);
[[nodiscard]] bool is_code(std::string_view kind, std::string_view code);

// A customer may extend some lists (FORMAT.md says which and why). Its own codes begin with "x_", so that they never meet a
// code that a later version of this program brings.
[[nodiscard]] bool is_extensible(std::string_view kind);
/// "x_", then 2 to 30 of a–z, 0–9 and '_'.
[[nodiscard]] bool is_own_code(std::string_view code);

/// A code of the list, or, where the list is extensible, any well-formed code of a customer's own: which of those exist is
/// a matter of time and place (own_codes.hpp), and what was once written with one stays valid.
/// kRefused "unknown_code" with the kind, what was given and the list of valid ones.
[[nodiscard]] Status check_code(std::string_view kind, std::string_view code);

}  // namespace lantaarn::model
