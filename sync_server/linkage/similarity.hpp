#pragma once
// How alike two words are by their letters. Bytes are letters: plain names are almost always ASCII, and in another script a
// letter of two bytes only weighs double.

#include <cstddef>
#include <string_view>

namespace lantaarn::server::linkage {

/// Letters inserted, left out, replaced, or swapped with their neighbour (optimal string alignment); stops counting
/// above `most` and gives most + 1. Words are cut at 64 letters.
[[nodiscard]] std::size_t edits_between(std::string_view a, std::string_view b, std::size_t most);

/// Jaro–Winkler, 0 … 1, with the usual prefix scale of 0.1 over four letters. Words are cut at 64 letters.
[[nodiscard]] double jaro_winkler(std::string_view a, std::string_view b);

/// Whether two whole numbers of `digits` digits differ as typing errors do: one digit, two neighbours swapped, or by one.
[[nodiscard]] bool near_numbers(int a, int b, int digits);

}  // namespace lantaarn::server::linkage
