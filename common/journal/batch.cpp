#include "common/journal/batch.hpp"

namespace lantaarn::journal {

void append_to_batch(Bytes& batch, ByteView entry, ByteView signature) {
  append_le(batch, static_cast<std::uint32_t>(entry.size()));
  append(batch, entry);
  batch.push_back(static_cast<std::uint8_t>(signature.size()));
  append(batch, signature);
}

Result<std::vector<BatchItem>> parse_batch(ByteView batch) {
  if (batch.size() > kBatchBytesMax) return corrupt("batch_too_large");
  std::vector<BatchItem> items;
  ByteReader reader(batch);
  while (!reader.empty()) {
    if (items.size() == kBatchEntriesMax) return corrupt("batch_too_large");
    const auto entry_bytes = reader.take_le<std::uint32_t>();
    const auto raw = entry_bytes ? reader.take(*entry_bytes) : std::nullopt;
    const auto signature_bytes = raw ? reader.take_le<std::uint8_t>() : std::nullopt;
    const auto signature = signature_bytes ? reader.take(*signature_bytes) : std::nullopt;
    if (!signature || (!signature->empty() && signature->size() != crypto::kSignatureBytes)) return corrupt("entry_unreadable");
    LANTAARN_ASSIGN(EntryView entry, parse_entry(*raw));
    items.push_back({entry, *signature});
  }
  if (items.empty()) return corrupt("batch_empty");
  return items;
}

namespace {

// True when checked, false when the author has no key here.
Result<bool> verify_signature(const BatchItem& item, const DeviceId& device, const LogId& log, const Position& at,
                              const AuthorKeys& keys) {
  if (item.signature.empty()) return reject_peer("signature_missing", {std::to_string(at.seq)});
  const auto key = keys(item.entry.header.author);
  if (!key) return false;
  if (!verify_head(*key, device, log, at.seq, at.hash, item.signature)) {
    return reject_peer("signature_wrong", {std::to_string(at.seq)});
  }
  return true;
}

}  // namespace

Result<BatchSummary> verify_batch(ByteView batch, const DeviceId& device, const LogId& log, const AuthorKeys& keys) {
  LANTAARN_ASSIGN(const std::vector<BatchItem> items, parse_batch(batch));
  const EntryHeader& first = items.front().entry.header;
  ChainVerifier chain(device, log, {first.seq - 1, first.previous});
  bool author_unknown = false;
  for (std::size_t i = 0; i < items.size(); ++i) {
    LANTAARN_TRY(chain.advance(items[i].entry));
    const bool run_ends = i + 1 == items.size() || items[i + 1].entry.header.author != items[i].entry.header.author;
    if (!run_ends) continue;
    LANTAARN_ASSIGN(const bool checked, verify_signature(items[i], device, log, chain.at(), keys));
    author_unknown = author_unknown || !checked;
  }
  return BatchSummary{first.seq, chain.at(), first.previous, items.size(), author_unknown};
}

}  // namespace lantaarn::journal
