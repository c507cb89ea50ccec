#include <algorithm>

#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/reading.hpp"

namespace lantaarn::firmware {
namespace {

const RoundKey* key_for(const std::vector<RoundKey>& keys, const KeyId& id) {
  for (const RoundKey& key : keys) {
    if (key.seal.id == id) return &key;
  }
  return nullptr;
}

// Where to begin in a log: at the earliest readable entry. A later log is read from its start; an earlier one not at all.
std::uint64_t first_readable(const std::vector<RoundKey>& keys, const std::vector<journal::LogState>& logs, std::size_t index) {
  std::uint64_t first = 0;
  for (const RoundKey& key : keys) {
    std::size_t begins = logs.size();
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (logs[i].genesis.log == key.log) begins = i;
    }
    if (begins > index) continue;
    const std::uint64_t from = begins == index ? key.from_seq : 1;
    first = first == 0 ? from : std::min(first, from);
  }
  return first;
}

}  // namespace

Result<ReadableEntries> Capture::readable() {
  ReadableEntries found;
  LANTAARN_ASSIGN(const auto keys, open_round_keys(journal_, user_.box));
  LANTAARN_ASSIGN(const bool misses, may_miss_a_key(journal_, user_));
  if (misses) found.damage = corrupt("database_damaged", {"journal.db"});
  if (std::all_of(keys.begin(), keys.end(), [](const RoundKey& key) { return key.is_marker(); })) return found;
  LANTAARN_ASSIGN(const auto logs, journal_.logs());
  Reading reading(found);
  Bytes bytes;
  for (std::size_t i = 0; i < logs.size(); ++i) {
    const std::uint64_t from = first_readable(keys, logs, i);
    if (from == 0 || from > logs[i].head.seq) continue;
    const Status read = journal_.scan(logs[i].genesis.log, from, [&](const journal::EntryView& entry, ByteView) -> Status {
      const RoundKey* key = key_for(keys, entry.header.seal_key);
      if (key == nullptr) return {};
      LANTAARN_TRY(journal::open_entry(entry, key->seal.key, bytes));
      LANTAARN_ASSIGN(const model::Event event, model::decode_event(bytes));
      reading.take(event, bytes, entry);
      return {};
    });
    if (!read.ok()) found.damage = read.error();
  }
  return found;
}

}  // namespace lantaarn::firmware
