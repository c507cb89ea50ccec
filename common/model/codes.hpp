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
/// kRefused "unknown_code" with the kind, what was given and the list of valid ones.
[[nodiscard]] Status check_code(std::string_view kind, std::string_view code);

}  // namespace lantaarn::model
