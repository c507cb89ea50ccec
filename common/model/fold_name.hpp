#pragma once
// Names as people type them in the dark: without capitals, accents or the right kind of dash.

#include <string>
#include <string_view>

namespace lantaarn::model {

/// What two spellings of one name have in common:
/// - Latin letters (Latin-1, Extended-A/B, Extended Additional) lose case and diacritics; æ ae, œ oe, ß ss, þ th, ø o, ł l, đ d;
/// - Greek and Cyrillic lose case, and their accents where they are separate or common (ά α, ё е, й и, ї і);
/// - Arabic loses vowel signs and tatweel, alef its hamza;
/// - combining marks, and bytes that are not UTF-8, are dropped; dashes and apostrophes are of one kind;
/// - white space is one space, none at the ends.
/// Everything else stays as it is. Not a transliteration: "Мария" and "Maria" differ.
[[nodiscard]] std::string fold_name(std::string_view name);

}  // namespace lantaarn::model
