#include "sync_server/inbox/remains.hpp"

namespace lantaarn::server::inbox {

Result<Bytes> remains_of(ByteView batch) {
  LANTAARN_ASSIGN(const auto items, journal::parse_batch(batch));
  Bytes remains;
  remains.reserve(items.size() * kRemainsBytes);
  for (const auto& item : items) {
    append(remains, item.entry.bytes.first(journal::kHeaderBytes));
    append(remains, journal::entry_hash(item.entry.bytes));
  }
  return remains;
}

Result<std::vector<Hash>> entry_hashes(ByteView bytes, bool pruned) {
  std::vector<Hash> hashes;
  if (!pruned) {
    LANTAARN_ASSIGN(const auto items, journal::parse_batch(bytes));
    for (const auto& item : items) hashes.push_back(journal::entry_hash(item.entry.bytes));
    return hashes;
  }
  if (bytes.size() % kRemainsBytes != 0) return corrupt("entry_unreadable");
  for (; !bytes.empty(); bytes = bytes.subspan(kRemainsBytes)) {
    hashes.push_back(*to_array<sizeof(Hash)>(bytes.subspan(journal::kHeaderBytes, sizeof(Hash))));
  }
  return hashes;
}

}  // namespace lantaarn::server::inbox
