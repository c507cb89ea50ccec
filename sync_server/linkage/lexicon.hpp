#pragma once
// Every different word of the names at hand, once, with what is worth knowing of it; and how alike two words are.

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "sync_server/linkage/spelling.hpp"

namespace lantaarn::server::linkage {

using WordId = std::uint32_t;

struct Word {
  std::string text;
  Sounds sounds;
  std::vector<std::uint16_t> families;  ///< diminutives.hpp
  std::uint32_t sound_class = 0;        ///< words with the same northern sound
  std::uint32_t southern_class = 0;     ///< one numbering for both readings
  std::uint32_t letters = 0;            ///< a bit for each letter of the alphabet that occurs
};

/// From most to least alike. The order and the numbers are used in Comparison::packed().
enum class Likeness : std::uint8_t { kSame, kSounds, kPetForm, kTypo, kSimilar, kDifferent };

class Lexicon {
 public:
  WordId learn(const std::string& word);
  /// The word occurs in one more record.
  void count(WordId word) { ++counts_[word]; }
  /// Call once all are counted: how often the sounds and the name families occur.
  void finish();

  [[nodiscard]] const Word& word(WordId id) const { return words_[id]; }
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  /// Pet forms are looked for in first names only.
  [[nodiscard]] Likeness likeness(WordId a, WordId b, bool first_names) const;
  /// In how many records something stands that is as good as these two words for this likeness: the word itself, the
  /// sound, the name family; for a typing error the rarer of the two, because the other may be what was meant.
  [[nodiscard]] std::uint32_t occurrences(WordId a, WordId b, Likeness likeness) const;

 private:
  [[nodiscard]] Likeness compare(WordId a, WordId b, bool first_names) const;
  [[nodiscard]] std::uint32_t shared_family_count(const Word& a, const Word& b) const;
  std::unordered_map<std::string, WordId> ids_;
  std::unordered_map<std::string, std::uint32_t> sound_ids_;
  std::vector<Word> words_;
  std::vector<std::uint32_t> counts_;
  std::vector<std::uint32_t> sound_counts_;
  std::vector<std::uint32_t> family_counts_;
  // The same two words meet again and again.
  struct Remembered {
    std::uint64_t key = 0;
    Likeness likeness = Likeness::kSame;
  };
  mutable std::vector<Remembered> remembered_;
};

}  // namespace lantaarn::server::linkage
