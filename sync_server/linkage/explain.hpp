#pragma once
// Why two records are proposed, as codes that common/words has words for: "same birth year; Roxy ~ Roxi".

#include "sync_server/linkage/weights.hpp"

namespace lantaarn::server::linkage {

/// Not stored anywhere: the numbers may change.
enum class EvidenceCode {
  kSameName,         ///< {0}
  kSoundsAlike,      ///< {0} ~ {1}; as do the next three
  kPetForm,
  kTypingError,
  kSimilarName,
  kOtherFirstName,
  kOtherFamilyName,
  kNamesSwapped,     ///< first and family name stand in each other's place
  kSameSecondName,
  kOtherSecondName,
  kSameBirthDate,    ///< all of it; then the parts are not named
  kSameBirthYear,
  kNearBirthYear,
  kOtherBirthYear,
  kSameBirthMonth,
  kNearBirthMonth,
  kOtherBirthMonth,
  kSameBirthDay,
  kNearBirthDay,
  kOtherBirthDay,
  kDayAndMonthSwapped,
  kOverlappingConversations,  ///< {0} of them; neither where nor when
  kThroughThird,              ///< both look like a third record; comes first
};

struct Evidence {
  EvidenceCode code = EvidenceCode::kSameName;
  std::vector<std::string> args;  ///< names as they were typed
  double bits = 0;                ///< what it adds to the log odds; negative: evidence against
};

/// The key of its words in common/words, "label:link:same_name".
[[nodiscard]] const char* words_key(EvidenceCode code);

/// What weighs most in favour first, what weighs most against last. `a` and `b` in the order in which `comparison` has them.
[[nodiscard]] std::vector<Evidence> explain(const Comparison& comparison, const LinkRecord& a, const LinkRecord& b,
                                            const Lexicon& lexicon, const Weights& weights, unsigned overlapping_conversations);

}  // namespace lantaarn::server::linkage
