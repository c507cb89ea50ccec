#pragma once
// How names are written and how they sound, in the spellings that occur here: Dutch, German, Romanian, Bulgarian, Polish,
// Hungarian, Spanish. Pure functions of their argument.

#include <string>
#include <string_view>
#include <vector>

namespace lantaarn::server::linkage {

/// The words of one name in plain Latin letters: model::fold_name, Cyrillic transliterated (Bulgarian), split at spaces
/// and dashes, apostrophes gone. Particles ("van der", "von", "de la") are left out unless nothing else is there.
/// "Анна-Мария van der Wal" is {"anna", "mariya", "wal"}.
[[nodiscard]] std::vector<std::string> words_of_name(std::string_view name);

/// Two readings of one spelling; equal strings sound alike. `northern` reads it as Dutch, German or a Slavic language
/// would, `southern` as Spanish and Hungarian would where that differs (ll, ñ, j, silent h, gy).
struct Sounds {
  std::string northern;
  std::string southern;
};
/// `word` as words_of_name() gives it.
[[nodiscard]] Sounds sounds_of(std::string_view word);

/// Whether any reading of the one is a reading of the other.
[[nodiscard]] bool sound_alike(const Sounds& a, const Sounds& b);

/// The consonants of a sound, and whether it begins with a vowel; at most six letters. For blocking: what most
/// misspellings leave as it was.
[[nodiscard]] std::string skeleton_of(std::string_view sound);

}  // namespace lantaarn::server::linkage
