#pragma once
// What people read: Dutch first, English second, from gettext catalogues (nl.po, en.po) under stable keys:
//   error:<code>   one sentence for an Error; {0}, {1} are its args
//   code:<kind>:<code>   a word from domain.md's lists: code:channel:in_person
//   label:<thing>  a heading, column or field name      help:<thing>  a line of command help
// Codes themselves are never translated. Standard streams carry UTF-8.
//
// Why two text domains: glibc picks a language by an environment variable, which cannot be switched safely at run
// time. With LANGUAGE=nl:en and one catalogue file per language, the domain's name alone decides, and both languages
// can be read in one process, from any thread.

#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"

namespace lantaarn::words {

enum class Language { kDutch, kEnglish };

/// Once, at the start of a program, before it has a second thread: finds the catalogues (LANTAARN_LOCALE_DIR, else
/// ../share/locale beside the program) and the language. Without it, texts are their keys.
void initialise();

/// The language in use; kDutch before initialise().
[[nodiscard]] Language language();

/// LANTAARN_LANG ("nl", "en"), else the first of LC_ALL, LC_MESSAGES and LANG that is set; Dutch when that is neither.
/// Any argument may be nullptr.
[[nodiscard]] Language choose_language(const char* lantaarn_lang, const char* lc_all, const char* lc_messages, const char* lang);

/// The text under `key` with {0}, {1}, … filled in; the key itself when there is none.
[[nodiscard]] std::string text(const std::string& key, const std::vector<std::string>& args = {});
[[nodiscard]] std::string text_in(Language language, const std::string& key, const std::vector<std::string>& args = {});
[[nodiscard]] bool has_text(Language language, const std::string& key);

/// The one clear line for an error. An unknown code, or no catalogue at all, still gives a line that names the code.
/// Error::context is for logs and is not in it.
[[nodiscard]] std::string sentence(const Error& error);
[[nodiscard]] std::string sentence_in(Language language, const Error& error);

/// `pattern` with {0}, {1}, … replaced; a number without an argument stays as it is.
[[nodiscard]] std::string fill(std::string_view pattern, const std::vector<std::string>& args);

}  // namespace lantaarn::words
