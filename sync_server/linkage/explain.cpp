#include "sync_server/linkage/explain.hpp"

#include <algorithm>
#include <iterator>

namespace lantaarn::server::linkage {
namespace {

constexpr const char* kWordsKeys[] = {
    "label:link:same_name",         "label:link:sounds_alike",      "label:link:pet_form",
    "label:link:typing_error",      "label:link:similar_name",      "label:link:other_first_name",
    "label:link:other_family_name", "label:link:names_swapped",     "label:link:same_second_name",
    "label:link:other_second_name", "label:link:same_birth_date",   "label:link:same_birth_year",
    "label:link:near_birth_year",   "label:link:other_birth_year",  "label:link:same_birth_month",
    "label:link:near_birth_month",  "label:link:other_birth_month", "label:link:same_birth_day",
    "label:link:near_birth_day",    "label:link:other_birth_day",   "label:link:day_and_month_swapped",
    "label:link:overlapping_conversations", "label:link:through_third",
};
static_assert(std::size(kWordsKeys) == static_cast<std::size_t>(EvidenceCode::kThroughThird) + 1);

EvidenceCode code_at(EvidenceCode first, std::uint8_t level) { return static_cast<EvidenceCode>(static_cast<int>(first) + level); }

// The name as it was typed, of which `word` is a word.
std::string as_typed(const LinkRecord& record, const std::string& word) {
  for (const auto* names : {&record.given, &record.preferred, &record.family}) {
    for (const std::string& name : *names) {
      const auto words = words_of_name(name);
      if (std::find(words.begin(), words.end(), word) != words.end()) return name;
    }
  }
  return word;
}

class Explaining {
 public:
  Explaining(const Comparison& comparison, const LinkRecord& a, const LinkRecord& b, const Lexicon& lexicon, const Weights& weights)
      : comparison_(comparison), a_(a), b_(b), lexicon_(lexicon), weights_(weights) {}

  std::vector<Evidence> all(unsigned overlaps) {
    put_name(Part::kCalled, EvidenceCode::kOtherFirstName);
    put_name(Part::kFamily, EvidenceCode::kOtherFamilyName);
    put_level(Part::kFurther, EvidenceCode::kSameSecondName);
    if (comparison_.of(Part::kOrder) == static_cast<std::uint8_t>(OrderLevel::kSwapped)) put(Part::kOrder, EvidenceCode::kNamesSwapped);
    put_birth();
    if (overlaps > 0) {
      evidence_.push_back({EvidenceCode::kOverlappingConversations, {std::to_string(overlaps)}, -kBitsAgainstPerOverlap * overlaps});
    }
    std::stable_sort(evidence_.begin(), evidence_.end(), [](const Evidence& a, const Evidence& b) { return a.bits > b.bits; });
    return std::move(evidence_);
  }

 private:
  void put(Part part, EvidenceCode code, std::vector<std::string> args = {}) {
    evidence_.push_back({code, std::move(args), weights_.bits(comparison_, part)});
  }

  void put_name(Part part, EvidenceCode other) {
    const std::uint8_t level = comparison_.of(part);
    if (level == kMissing) return;
    if (level == static_cast<std::uint8_t>(Likeness::kDifferent)) return put(part, other);
    const WordPair& words = comparison_.words[static_cast<std::size_t>(part)];
    std::vector<std::string> names = {as_typed(a_, lexicon_.word(words.a).text)};
    if (level != static_cast<std::uint8_t>(Likeness::kSame)) names.push_back(as_typed(b_, lexicon_.word(words.b).text));
    put(part, code_at(EvidenceCode::kSameName, level), std::move(names));
  }

  void put_birth() {
    const auto same = static_cast<std::uint8_t>(NumberLevel::kSame);
    if (comparison_.of(Part::kYear) == same && comparison_.of(Part::kMonth) == same && comparison_.of(Part::kDay) == same) {
      double bits = 0;
      for (const Part part : {Part::kYear, Part::kMonth, Part::kDay}) bits += weights_.bits(comparison_, part);
      evidence_.push_back({EvidenceCode::kSameBirthDate, {}, bits});
      return;
    }
    const bool swapped = comparison_.of(Part::kDay) == static_cast<std::uint8_t>(NumberLevel::kSwapped);
    put_level(Part::kYear, EvidenceCode::kSameBirthYear);
    put_level(Part::kMonth, EvidenceCode::kSameBirthMonth);
    if (swapped) put(Part::kDay, EvidenceCode::kDayAndMonthSwapped);
    else put_level(Part::kDay, EvidenceCode::kSameBirthDay);
  }

  void put_level(Part part, EvidenceCode first) {
    if (comparison_.of(part) != kMissing) put(part, code_at(first, comparison_.of(part)));
  }

  const Comparison& comparison_;
  const LinkRecord& a_;
  const LinkRecord& b_;
  const Lexicon& lexicon_;
  const Weights& weights_;
  std::vector<Evidence> evidence_;
};

}  // namespace

const char* words_key(EvidenceCode code) { return kWordsKeys[static_cast<std::size_t>(code)]; }

std::vector<Evidence> explain(const Comparison& comparison, const LinkRecord& a, const LinkRecord& b, const Lexicon& lexicon,
                              const Weights& weights, unsigned overlapping_conversations) {
  return Explaining(comparison, a, b, lexicon, weights).all(overlapping_conversations);
}

}  // namespace lantaarn::server::linkage
