#pragma once
// journal.db: numbered migrations, frozen once released. Columns are opaque: ids, places, hashes, sealed bytes.

#include <string>
#include <vector>

namespace lantaarn::journal {

inline constexpr std::int32_t kJournalApplicationId = 0x4c4e4a31;  // "LNJ1"

[[nodiscard]] const std::vector<std::string>& journal_migrations();

/// Entries of one log lie together: place = log_ref * 2^40 + seq.
inline constexpr int kSeqBits = 40;
[[nodiscard]] inline std::int64_t place_of(std::int64_t log_ref, std::uint64_t seq) {
  return (log_ref << kSeqBits) + static_cast<std::int64_t>(seq);
}

}  // namespace lantaarn::journal
