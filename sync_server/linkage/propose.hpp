#pragma once
// Who might be the same woman. A matcher proposes pairs, a human decides; nothing here changes a record.

#include <functional>
#include <set>
#include <utility>

#include "sync_server/linkage/explain.hpp"

namespace lantaarn::server::linkage {

/// At or above this, the pair is proposed without being asked for.
inline constexpr double kProposeFrom = 0.6;
/// At or above this and below kProposeFrom, the pair is in the review band: worth a look when there is time.
inline constexpr double kReviewFrom = 0.05;

/// Places in the vector of records, the smaller first.
using RecordPair = std::pair<std::uint32_t, std::uint32_t>;

struct Proposal {
  std::uint32_t a = 0;  ///< places in the vector of records; a < b
  std::uint32_t b = 0;
  double probability = 0;          ///< that both are one woman
  std::vector<Evidence> evidence;  ///< strongest first; for and against
};

struct ProposeOptions {
  double from = kReviewFrom;
  bool explained = true;
  /// How many conversations with the one overlap in time with one with the other; asked only for pairs that would be
  /// proposed without an answer, and kept nowhere. May be empty.
  std::function<unsigned(std::uint32_t a, std::uint32_t b)> overlapping_conversations = {};
};

/// The most probable first; of equals, by id. The same records give the same pairs in any order. A pair that somebody
/// kept apart is never proposed. Time and memory grow about linearly with the records.
[[nodiscard]] std::vector<Proposal> propose(const std::vector<LinkRecord>& records, const std::set<RecordPair>& kept_apart,
                                            const ProposeOptions& options = {});

}  // namespace lantaarn::server::linkage
