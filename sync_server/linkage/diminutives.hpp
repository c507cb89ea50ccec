#pragma once
// Short and pet forms of first names: which belong to one name. A table of families, and a rule for what no table holds.

#include <cstdint>
#include <string_view>
#include <vector>

namespace lantaarn::server::linkage {

/// The families a word belongs to, as numbers that mean nothing beyond this build; empty for most words. "mia" is in
/// several. `word` as words_of_name() gives it.
[[nodiscard]] std::vector<std::uint16_t> name_families(std::string_view word);

/// Whether one is the other, or its beginning, with a diminutive ending: "roxy" of "roxana", "annetje" of "anne". At least
/// three letters have to be the same.
[[nodiscard]] bool has_pet_form(std::string_view a, std::string_view b);

}  // namespace lantaarn::server::linkage
