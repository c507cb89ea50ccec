#include "common/words/words.hpp"

#include "common/words/use.hpp"

#include <libintl.h>

#include <atomic>
#include <clocale>
#include <cstdlib>
#include <filesystem>

namespace lantaarn::words {
namespace {

constexpr const char* kDomainDutch = "lantaarn_nl";
constexpr const char* kDomainEnglish = "lantaarn_en";

std::atomic<Language> language_in_use = Language::kDutch;

// dgettext answers with the very pointer it was asked with when it knows no text.
const char* find_text(Language language, const std::string& key) {
  const char* found = dgettext(language == Language::kDutch ? kDomainDutch : kDomainEnglish, key.c_str());
  return found == key.c_str() ? nullptr : found;
}

bool is_set(const char* value) { return value != nullptr && *value != '\0'; }

}  // namespace

void initialise() {
  language_in_use = choose_language(std::getenv("LANTAARN_LANG"), std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"),
                                    std::getenv("LANG"));
  // glibc translates nothing in the locale "C", and ignores LANGUAGE there.
  std::setlocale(LC_MESSAGES, "C.UTF-8");
  setenv("LANGUAGE", "nl:en", 1);
  const std::string folder = catalogue_folder();
  for (const char* domain : {kDomainDutch, kDomainEnglish}) {
    bindtextdomain(domain, folder.c_str());
    bind_textdomain_codeset(domain, "UTF-8");
    // Read now: a program that has confined itself since can open no catalogue any more.
    static_cast<void>(dgettext(domain, "label:cli:Usage"));
  }
}

Language language() { return language_in_use; }

void use(Language language) { language_in_use = language; }

std::string catalogue_folder() {
  if (const char* wished = std::getenv("LANTAARN_LOCALE_DIR")) return wished;
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  return (program.parent_path().parent_path() / "share" / "locale").string();
}

Language choose_language(const char* lantaarn_lang, const char* lc_all, const char* lc_messages, const char* lang) {
  for (const char* wish : {lantaarn_lang, lc_all, lc_messages, lang}) {
    if (!is_set(wish)) continue;
    const std::string_view name(wish);
    if (name.starts_with("en")) return Language::kEnglish;
    // Only a misspelt LANTAARN_LANG leaves the question open.
    if (wish != lantaarn_lang || name.starts_with("nl")) return Language::kDutch;
  }
  return Language::kDutch;
}

std::string fill(std::string_view pattern, const std::vector<std::string>& args) {
  std::string filled;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const bool numbered = pattern[at] == '{' && at + 2 < pattern.size() && pattern[at + 2] == '}';
    const std::size_t index = numbered ? static_cast<std::size_t>(pattern[at + 1] - '0') : args.size();
    if (index < args.size()) {
      filled += args[index];
      at += 2;
    } else {
      filled.push_back(pattern[at]);
    }
  }
  return filled;
}

std::string text(const std::string& key, const std::vector<std::string>& args) { return text_in(language_in_use, key, args); }

std::string text_in(Language language, const std::string& key, const std::vector<std::string>& args) {
  const char* found = find_text(language, key);
  return found == nullptr ? key : fill(found, args);
}

bool has_text(Language language, const std::string& key) { return find_text(language, key) != nullptr; }

std::string sentence(const Error& error) { return sentence_in(language_in_use, error); }

std::string sentence_in(Language language, const Error& error) {
  if (const char* found = find_text(language, "error:" + error.code)) return fill(found, error.args);
  std::string technical = error.code;
  for (const auto& arg : error.args) technical += " " + arg;
  if (const char* general = find_text(language, "error:unknown_error")) return fill(general, {technical});
  return "lantaarn: " + technical;
}

}  // namespace lantaarn::words
