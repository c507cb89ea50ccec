#include "sync_server/linkage/lexicon.hpp"

#include <algorithm>
#include <bit>

#include "sync_server/linkage/diminutives.hpp"
#include "sync_server/linkage/similarity.hpp"

namespace lantaarn::server::linkage {
namespace {

constexpr std::size_t kRememberedWords = std::size_t{1} << 18;
constexpr double kSimilarFrom = 0.88;
// Two edits change at most four; beyond six no two names resemble each other, and counting edits is not worth it.
constexpr int kLettersDifferentMax = 6;
// Below these lengths a letter or two make another name, not another spelling.
constexpr std::size_t kOneEditLettersMin = 5;
constexpr std::size_t kTwoEditsLettersMin = 6;

bool share_a_family(const Word& a, const Word& b) {
  return std::any_of(a.families.begin(), a.families.end(), [&](std::uint16_t family) {
    return std::find(b.families.begin(), b.families.end(), family) != b.families.end();
  });
}

std::uint32_t letters_of(std::string_view word) {
  std::uint32_t letters = 0;
  for (const char c : word) letters |= c >= 'a' && c <= 'z' ? 1U << (c - 'a') : 1U << 31;
  return letters;
}

// The numbers of their classes say what sound_alike() says of the texts.
bool same_class(const Word& a, const Word& b) {
  return a.sound_class == b.sound_class || a.southern_class == b.southern_class || a.sound_class == b.southern_class ||
         a.southern_class == b.sound_class;
}

Likeness by_letters(const std::string& a, const std::string& b) {
  const std::size_t longest = std::max(a.size(), b.size());
  const std::size_t edits = edits_between(a, b, 2);
  if (edits <= 1 && longest >= kOneEditLettersMin) return Likeness::kTypo;
  if (edits <= 1 || (edits == 2 && longest >= kTwoEditsLettersMin)) return Likeness::kSimilar;
  const bool is_initial = std::min(a.size(), b.size()) == 1 && a[0] == b[0];
  return is_initial || jaro_winkler(a, b) >= kSimilarFrom ? Likeness::kSimilar : Likeness::kDifferent;
}

}  // namespace

WordId Lexicon::learn(const std::string& word) {
  const auto [at, is_new] = ids_.try_emplace(word, static_cast<WordId>(words_.size()));
  if (is_new) {
    Word learned{word, sounds_of(word), name_families(word)};
    learned.sound_class = sound_ids_.try_emplace(learned.sounds.northern, static_cast<std::uint32_t>(sound_ids_.size())).first->second;
    learned.southern_class = sound_ids_.try_emplace(learned.sounds.southern, static_cast<std::uint32_t>(sound_ids_.size())).first->second;
    learned.letters = letters_of(word);
    words_.push_back(std::move(learned));
    counts_.push_back(0);
  }
  return at->second;
}

void Lexicon::finish() {
  sound_counts_.assign(sound_ids_.size(), 0);
  for (WordId id = 0; id < words_.size(); ++id) {
    sound_counts_[words_[id].sound_class] += counts_[id];
    for (const std::uint16_t family : words_[id].families) {
      if (family_counts_.size() <= family) family_counts_.resize(family + std::size_t{1});
      family_counts_[family] += counts_[id];
    }
  }
  remembered_.resize(kRememberedWords);
}

Likeness Lexicon::likeness(WordId a, WordId b, bool first_names) const {
  if (a == b) return Likeness::kSame;
  if (a > b) std::swap(a, b);
  // Never 0, for b is not.
  const std::uint64_t key = (std::uint64_t{a} << 33) | (std::uint64_t{b} << 1) | (first_names ? 1 : 0);
  Remembered& memory = remembered_[(key * 0x9E3779B97F4A7C15ULL) >> 46];
  if (memory.key != key) memory = {key, compare(a, b, first_names)};
  return memory.likeness;
}

Likeness Lexicon::compare(WordId a, WordId b, bool first_names) const {
  const Word& one = words_[a];
  const Word& other = words_[b];
  if (same_class(one, other)) return Likeness::kSounds;
  if (first_names && (share_a_family(one, other) || has_pet_form(one.text, other.text))) return Likeness::kPetForm;
  const bool initial = one.text.size() == 1 || other.text.size() == 1;
  if (!initial && std::popcount(one.letters ^ other.letters) > kLettersDifferentMax) return Likeness::kDifferent;
  return by_letters(one.text, other.text);
}

std::uint32_t Lexicon::shared_family_count(const Word& a, const Word& b) const {
  std::uint32_t least = 0;
  for (const std::uint16_t family : a.families) {
    if (std::find(b.families.begin(), b.families.end(), family) == b.families.end()) continue;
    if (least == 0 || family_counts_[family] < least) least = family_counts_[family];
  }
  return least;
}

std::uint32_t Lexicon::occurrences(WordId a, WordId b, Likeness likeness) const {
  const Word& one = words_[a];
  const Word& other = words_[b];
  switch (likeness) {
    case Likeness::kSame: return counts_[a];
    case Likeness::kSounds:
      return sound_counts_[one.sound_class] + (one.sound_class == other.sound_class ? 0 : sound_counts_[other.sound_class]);
    case Likeness::kPetForm: {
      const std::uint32_t of_family = shared_family_count(one, other);
      return of_family != 0 ? of_family : counts_[a] + counts_[b];
    }
    default: return counts_[a] + counts_[b];
  }
}

}  // namespace lantaarn::server::linkage
