#include "sync_server/linkage/spelling.hpp"

#include <algorithm>
#include <iterator>

#include "common/model/fold_name.hpp"

namespace lantaarn::server::linkage {
namespace {

struct Rule {
  std::string_view from;  ///< '^' first: at the start only; '$' last: at the end only
  std::string_view to;    ///< capitals are sounds that no later rule reads as letters
};

// Folded lower case Cyrillic, as the Bulgarian transliteration act has it; then what other alphabets add.
constexpr Rule kCyrillic[] = {
    {"а", "a"}, {"б", "b"}, {"в", "v"}, {"г", "g"}, {"д", "d"}, {"е", "e"}, {"ж", "zh"}, {"з", "z"}, {"и", "i"}, {"к", "k"},
    {"л", "l"}, {"м", "m"}, {"н", "n"}, {"о", "o"}, {"п", "p"}, {"р", "r"}, {"с", "s"}, {"т", "t"}, {"у", "u"}, {"ф", "f"},
    {"х", "h"}, {"ц", "ts"}, {"ч", "cz"}, {"ш", "sh"}, {"щ", "sht"}, {"ъ", "a"}, {"ь", ""}, {"ю", "yu"}, {"я", "ya"},
    {"ы", "y"}, {"э", "e"}, {"і", "i"}, {"є", "e"}, {"ј", "j"}, {"љ", "l"}, {"њ", "n"}, {"ђ", "dj"}, {"ћ", "c"}, {"џ", "dz"},
};

constexpr std::string_view kParticles[] = {"van", "von", "der", "den", "de", "del", "dela", "la", "las", "los", "ter", "ten",
                                           "te", "het", "t", "zu", "zum", "zur", "vom", "di", "da", "dos", "y", "el", "al"};

// Where a Spanish or Hungarian reader differs. Applied before the rules for all.
constexpr Rule kSouthern[] = {
    {"^x", "h"}, {"ll", "i"}, {"gn", "n"}, {"ny", "n"}, {"gy", "di"}, {"cs", "S"}, {"ch", "S"}, {"qu", "k"}, {"gue", "Ge"}, {"gui", "Gi"},
    {"ge", "he"}, {"gi", "hi"}, {"G", "g"}, {"v", "b"}, {"w", "b"}, {"^j", "h"}, {"^h", ""},
    {"ac$", "aS"}, {"ec$", "eS"}, {"ic$", "iS"},
};

// Longest first where one begins with another. All hissing sounds are one: sz is s in Hungarian and sh in Polish.
constexpr Rule kAll[] = {
    {"szcz", "S"}, {"shch", "S"}, {"tsch", "S"}, {"dsch", "S"}, {"sch", "S"}, {"dzs", "S"}, {"dzh", "S"}, {"tch", "S"},
    {"krz", "kS"}, {"grz", "gS"}, {"prz", "pS"}, {"trz", "tS"}, {"brz", "bS"}, {"drz", "dS"},
    {"cz", "S"}, {"cs", "S"}, {"sz", "S"}, {"zs", "S"}, {"sh", "S"}, {"zh", "S"}, {"sj", "S"}, {"dz", "S"}, {"tz", "S"},
    {"ts", "S"}, {"chr", "kr"}, {"^hr", "kr"}, {"ch", "H"}, {"kh", "H"}, {"gh", "g"}, {"ph", "f"}, {"th", "t"}, {"dt", "t"},
    {"ck", "k"}, {"cv", "Sv"}, {"ce", "Se"}, {"ci", "Si"}, {"cy", "Si"}, {"c", "k"}, {"qu", "kv"}, {"q", "k"}, {"x", "kS"}, {"z", "S"},
    {"s", "S"}, {"w", "v"},
    {"eij", "E"}, {"ei", "E"}, {"ey", "E"}, {"aij", "E"}, {"ai", "E"}, {"ay", "E"}, {"ij", "i"},
    {"ae", "a"}, {"oe", "o"}, {"ue", "u"}, {"ou", "u"}, {"y", "i"}, {"j", "i"}, {"ie", "i"},
    {"ah$", "a"}, {"d$", "t"}, {"b$", "p"}, {"H", "h"}, {"E", "e"},
};

bool applies(const Rule& rule, std::string_view& pattern, const std::string& text, std::size_t at) {
  if (rule.from.front() == '^' && at != 0) return false;
  return text.compare(at, pattern.size(), pattern) == 0 && (rule.from.back() != '$' || at + pattern.size() == text.size());
}

void apply(const Rule& rule, std::string& text) {
  std::string_view pattern = rule.from;
  if (pattern.front() == '^') pattern.remove_prefix(1);
  if (pattern.back() == '$') pattern.remove_suffix(1);
  for (std::size_t at = text.find(pattern); at != std::string::npos; at = text.find(pattern, at)) {
    if (!applies(rule, pattern, text, at)) {
      ++at;
      continue;
    }
    text.replace(at, pattern.size(), rule.to);
    at += rule.to.size();
  }
}

bool is_vowel(char letter) { return std::string_view("aeiou").find(letter) != std::string_view::npos; }

// "h" is heard before a vowel only; a doubled letter is one sound.
std::string without_silent(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == 'h' && (i + 1 == text.size() || !is_vowel(text[i + 1]))) continue;
    if (out.empty() || out.back() != text[i]) out.push_back(text[i]);
  }
  return out;
}

std::string read_aloud(std::string text) {
  for (const Rule& rule : kAll) apply(rule, text);
  return without_silent(text);
}

std::string in_latin(std::string_view name) {
  std::string folded = model::fold_name(name);
  const bool ascii = std::all_of(folded.begin(), folded.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (!ascii) {
    for (const Rule& rule : kCyrillic) apply(rule, folded);
  }
  return folded;
}

bool is_particle(std::string_view word) {
  return std::find(std::begin(kParticles), std::end(kParticles), word) != std::end(kParticles);
}

}  // namespace

std::vector<std::string> words_of_name(std::string_view name) {
  std::vector<std::string> words(1);
  for (const char c : in_latin(name)) {
    if (c == ' ' || c == '-' || c == ',' || c == '/') {
      if (!words.back().empty()) words.emplace_back();
    } else if (c != '\'' && c != '.' && c != '"') {
      words.back().push_back(c);
    }
  }
  if (words.back().empty()) words.pop_back();
  const auto first_particle = std::stable_partition(words.begin(), words.end(), [](const auto& word) { return !is_particle(word); });
  if (first_particle != words.begin()) words.erase(first_particle, words.end());
  return words;
}

Sounds sounds_of(std::string_view word) {
  std::string southern(word);
  for (const Rule& rule : kSouthern) apply(rule, southern);
  return {read_aloud(std::string(word)), read_aloud(std::move(southern))};
}

bool sound_alike(const Sounds& a, const Sounds& b) {
  return a.northern == b.northern || a.southern == b.southern || a.northern == b.southern || a.southern == b.northern;
}

std::string skeleton_of(std::string_view sound) {
  constexpr std::size_t kLettersMax = 6;
  std::string out;
  for (const char letter : sound) {
    if (out.size() == kLettersMax) break;
    if (!is_vowel(letter)) {
      if (out.empty() || out.back() != letter) out.push_back(letter);
    } else if (out.empty()) {
      out.push_back('a');
    }
  }
  return out;
}

}  // namespace lantaarn::server::linkage
