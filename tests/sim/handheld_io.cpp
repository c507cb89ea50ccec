#include "tests/sim/handheld_io.hpp"

namespace lantaarn::sim {

// A batch ends at a signed entry, so it may be longer than wished.
Result<sync::OutgoingBatch> SmallBatches::read_batch(const LogId& log, std::uint64_t from) {
  LANTAARN_ASSIGN(const sync::OutgoingBatch whole, outbox_.read_batch(log, from));
  sync::OutgoingBatch batch;
  if (whole.bytes.empty()) return batch;
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(whole.bytes));
  const std::size_t wanted = 1 + chance_.below(6);
  for (const journal::BatchItem& item : items) {
    journal::append_to_batch(batch.bytes, item.entry.bytes, item.signature);
    batch.last = {item.entry.header.seq, journal::entry_hash(item.entry.bytes)};
    if (++batch.entries >= wanted && !item.signature.empty()) break;
  }
  return batch;
}

Status Marks::accept(const sync::pb::Statement& statement) {
  marks_[{statement.kind(), UserId::from(statement.user_id()).value_or(UserId{})}] = sync::mark_of(statement);
  return {};
}

}  // namespace lantaarn::sim
