// How fast this journal grows: for whoever says how many rounds the disk still has room for.

#include "common/journal/state.hpp"

namespace lantaarn::journal {
namespace {

constexpr std::int64_t kEntriesLookedAt = 2000;
constexpr int kSealKeyAt = 64;  // FORMAT.md: in the header

Result<std::uint64_t> one_number(database::Database& database, const char* sql) {
  LANTAARN_ASSIGN(database::Statement find, database.prepare(sql));
  LANTAARN_ASSIGN(const bool row, find.step());
  return row ? unsigned_column(find, 0) : 0;
}

}  // namespace

Result<Growth> Journal::growth() {
  // A seal key is one round; the first of those looked at may have begun before them.
  LANTAARN_ASSIGN(database::Statement rows,
                  state_->database.prepare("SELECT length(bytes), substr(bytes, $1, $2) FROM entry ORDER BY place DESC LIMIT $3"));
  rows.bind(1, kSealKeyAt + 1).bind(2, static_cast<std::int64_t>(kIdBytes)).bind(3, kEntriesLookedAt);
  Growth growth;
  Bytes key;
  while (true) {
    LANTAARN_ASSIGN(const bool row, rows.step());
    if (!row) break;
    const ByteView round = rows.column_blob(1);
    if (!crypto::equal(key, round)) ++growth.rounds;
    key = to_bytes(round);
    growth.bytes += unsigned_column(rows, 0);
  }
  LANTAARN_ASSIGN(const std::uint64_t pages, one_number(state_->database, "PRAGMA freelist_count"));
  LANTAARN_ASSIGN(const std::uint64_t page_bytes, one_number(state_->database, "PRAGMA page_size"));
  growth.free_bytes = pages * page_bytes;
  return growth;
}

}  // namespace lantaarn::journal
