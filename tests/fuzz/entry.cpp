// Entries and batches as the inbox takes them from a handheld or a file.
#include "common/journal/batch.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {
namespace {

using namespace journal;

void one_entry(ByteView bytes) {
  const auto entry = parse_entry(bytes);
  if (!entry.ok()) return;
  promise(bytes.size() <= kEntryBytesMax && entry->bytes.size() == bytes.size());
  promise(entry->additional.size() + entry->nonce.size() + entry->cipher.size() == bytes.size());
  static_cast<void>(entry_hash(bytes));
  Bytes event;
  static_cast<void>(open_entry(*entry, fixed_key(1), event));
  static_cast<void>(open_seal_key_box(crypto::BoxKey(fixed_key(2)), entry->box, entry->header.device, entry->header.log,
                                      entry->header.seal_key));
}

void one_batch(ByteView bytes) {
  const crypto::SignKey author{fixed_key(3)};
  const auto parsed = parse_batch(bytes);
  if (parsed.ok()) promise(!parsed->empty() && parsed->size() <= kBatchEntriesMax && bytes.size() <= kBatchBytesMax);
  const DeviceId device = parsed.ok() ? parsed->front().entry.header.device : DeviceId{};
  const LogId log = parsed.ok() ? parsed->front().entry.header.log : LogId{};
  const auto known = verify_batch(bytes, device, log, [&](const UserId&) { return author.verify_key(); });
  if (known.ok()) promise(parsed.ok() && known->entries == parsed->size() && !known->author_unknown);
  const auto unknown = verify_batch(bytes, device, log, [](const UserId&) { return std::nullopt; });
  if (unknown.ok()) promise(unknown->author_unknown);
}

// Whatever is sealed comes out as it went in.
void there_and_back(ByteView bytes) {
  const ByteView event = bytes.first(std::min(bytes.size(), kEventBytesMax));
  const SealKey key{fixed_id<KeyId>(4), fixed_key(1)};
  EntryHeader header;
  header.seq = 1;
  const Bytes sealed = seal_entry(header, {}, key, event);
  const auto entry = parse_entry(sealed);
  promise(entry.ok());
  Bytes opened;
  promise(open_entry(*entry, key.key, opened).ok() && std::equal(opened.begin(), opened.end(), event.begin(), event.end()));
}

}  // namespace
}  // namespace lantaarn::fuzz

LANTAARN_FUZZ_TARGET(entry) {
  Pieces pieces(input);
  switch (pieces.byte() % 3) {
    case 0: return one_entry(pieces.rest());
    case 1: return one_batch(pieces.rest());
    default: return there_and_back(pieces.rest());
  }
}
