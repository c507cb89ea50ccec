#include "sync_server/linkage/diminutives.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "sync_server/linkage/diminutive_table.hpp"

namespace lantaarn::server::linkage {
namespace {

using Families = std::map<std::string_view, std::vector<std::uint16_t>>;

Families read_table() {
  Families families;
  for (std::size_t i = 0; i < std::size(kNameFamilies); ++i) {
    std::string_view rest = kNameFamilies[i];
    while (!rest.empty()) {
      const std::string_view word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      auto& of_word = families[word];
      if (of_word.empty() || of_word.back() != i) of_word.push_back(static_cast<std::uint16_t>(i));
    }
  }
  return families;
}

// Dutch, German, Polish, Romanian, Bulgarian, Hungarian, Spanish. Longest first, so that the stem is the shortest.
constexpr std::string_view kEndings[] = {"eczka", "uszka", "usia", "etje", "inka", "chen", "lein", "itsa", "tje", "pje", "usz", "cia",
                                         "uta",   "ita",   "ica",  "ika",  "uca",  "ito",  "je",   "ke",   "ka",  "ko", "csi", "li",
                                         "ie",    "ey",    "ia",   "y",    "i"};
constexpr std::size_t kStemMin = 3;

bool is_pet_form_of(std::string_view pet, std::string_view name) {
  for (const std::string_view ending : kEndings) {
    if (pet.size() < kStemMin + ending.size() || !pet.ends_with(ending)) continue;
    if (name.starts_with(pet.substr(0, pet.size() - ending.size()))) return true;
  }
  return false;
}

}  // namespace

std::vector<std::uint16_t> name_families(std::string_view word) {
  static const Families kFamilies = read_table();
  const auto found = kFamilies.find(word);
  return found == kFamilies.end() ? std::vector<std::uint16_t>() : found->second;
}

bool has_pet_form(std::string_view a, std::string_view b) {
  return a.substr(0, kStemMin) == b.substr(0, kStemMin) && (is_pet_form_of(a, b) || is_pet_form_of(b, a));
}

}  // namespace lantaarn::server::linkage
