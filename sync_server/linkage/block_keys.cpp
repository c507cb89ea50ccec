#include "sync_server/linkage/block_keys.hpp"

#include <algorithm>
#include <initializer_list>

namespace lantaarn::server::linkage {
namespace {

using Keys = std::vector<std::uint64_t>;

// FNV-1a: the same on every machine, unlike std::hash.
std::uint32_t number_of(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash == 0 ? 1 : hash;
}

void put(Keys& keys, std::initializer_list<std::uint32_t> parts) {
  std::uint64_t key = 0xCBF29CE484222325ULL;
  for (const std::uint32_t part : parts) {
    if (part == 0) return;
    key = (key ^ part) * 0x9E3779B97F4A7C15ULL;
    key ^= key >> 29;
  }
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

void by_birth(const KeyParts& of, Keys& keys) { put(keys, {of.year, of.lesser(), of.greater()}); }

// In either order: a first name in the place of the family name is found too.
void by_names(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) {
    for (const std::uint32_t family : of.family) put(keys, {std::min(called, family), std::max(called, family)});
  }
}

void by_family_and_year(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t family : of.family) put(keys, {family, of.year});
}

void by_family_and_month_day(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t family : of.family) put(keys, {family, of.lesser(), of.greater()});
}

void by_called_and_month_day(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) put(keys, {called, of.lesser(), of.greater()});
}

void by_called_and_year_day(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) put(keys, {called, of.year, of.day});
}

void by_called_and_year_month(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) put(keys, {called, of.year, of.month});
}

// For words whose skeleton is misspelt: their first letters and two parts of three.
void by_starts(const KeyParts& of, Keys& keys) {
  put(keys, {of.family_start, of.year, of.month});
  put(keys, {of.family_start, of.lesser(), of.greater()});
  put(keys, {of.called_start, of.year, of.day});
}

void by_called_and_family_start(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) put(keys, {called, of.family_start});
}

void by_family_and_called_start(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t family : of.family) put(keys, {family, of.called_start});
}

void by_called(const KeyParts& of, Keys& keys) {
  for (const std::uint32_t called : of.called) put(keys, {called});
}

constexpr Pass kPasses[] = {
    {by_birth},
    {by_names},
    {by_family_and_year},
    {by_called_and_month_day},
    {by_family_and_month_day},
    {by_called_and_year_day},
    {by_called_and_year_month},
    {by_starts},
    {by_called_and_family_start},
    {by_family_and_called_start},
    {by_called, true},
};

std::span<const WordId> first_two(const NameWords& names) {
  return names.singles().first(std::min<std::size_t>(names.single, 2));
}

std::uint32_t start_of(const Word& word) { return number_of(std::string_view(word.text).substr(0, 2)); }

KeyParts parts_of(const Person& person, const Lexicon& lexicon, const std::vector<std::uint32_t>& skeletons) {
  KeyParts parts;
  std::size_t at = 0;
  for (const WordId word : first_two(person.called)) parts.called[at++] = skeletons[word];
  if (!person.called.empty()) {
    const Word& first = lexicon.word(person.called.words[0]);
    // Odd numbers are families, even ones skeletons.
    for (const std::uint16_t family : first.families) {
      if (at < parts.called.size()) parts.called[at++] = family * 2U + 1;
    }
    parts.called_start = start_of(first);
  }
  at = 0;
  for (const WordId word : first_two(person.family)) parts.family[at++] = skeletons[word];
  if (!person.family.empty()) parts.family_start = start_of(lexicon.word(person.family.words[0]));
  // kUnknown becomes 0.
  parts.year = static_cast<std::uint32_t>(person.year + 1);
  parts.month = static_cast<std::uint32_t>(person.month + 1);
  parts.day = static_cast<std::uint32_t>(person.day + 1);
  return parts;
}

}  // namespace

std::vector<KeyParts> key_parts(const People& people) {
  std::vector<std::uint32_t> skeletons;
  skeletons.reserve(people.lexicon.size());
  for (WordId word = 0; word < people.lexicon.size(); ++word) {
    skeletons.push_back(number_of(skeleton_of(people.lexicon.word(word).sounds.northern)) << 1 | 0x80000000U);
  }
  std::vector<KeyParts> parts;
  parts.reserve(people.persons.size());
  for (const Person& person : people.persons) parts.push_back(parts_of(person, people.lexicon, skeletons));
  return parts;
}

std::span<const Pass> passes() { return kPasses; }

std::uint32_t split_value(const KeyParts& parts, std::size_t split) {
  switch (split) {
    case 0: return parts.called[0];
    case 1: return parts.family[0];
    case 2: return parts.day;
    case 3: return parts.year;
    default: return parts.month;
  }
}

}  // namespace lantaarn::server::linkage
