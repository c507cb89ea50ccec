#include "sync_server/backup/own_log_file.hpp"

#include <algorithm>

namespace lantaarn::server::backup {
namespace {

constexpr std::uint8_t kWhole = 1;
constexpr std::uint8_t kBlank = 2;
constexpr std::size_t kAtPrevious = 80;  // journal/FORMAT.md

Error damaged(const char* what) { return in_context(corrupt("backup_damaged"), std::string("own log: ") + what); }

Result<ShippedEntry> take_apart(ByteView record) {
  ByteReader fields(record);
  const auto kind = fields.take_le<std::uint8_t>();
  const auto log = fields.take(kIdBytes);
  const auto seq = fields.take_le<std::uint64_t>();
  const auto hash = fields.take(sizeof(Hash));
  const auto signature = fields.take(crypto::kSignatureBytes);
  if (!signature) return damaged("record");
  ShippedEntry entry{*LogId::from(*log), {*seq, *to_array<32>(*hash)}, {}, *to_array<crypto::kSignatureBytes>(*signature), {}, {}};
  if (*kind == kBlank) {
    const auto event = fields.take(kIdBytes);
    if (!event) return damaged("record");
    entry.dropped = EventId::from(*event);
    entry.entry = lantaarn::to_bytes(fields.rest());
    if (entry.entry.size() >= journal::kHeaderBytes) entry.previous = *to_array<32>(ByteView(entry.entry).subspan(kAtPrevious, sizeof(Hash)));
    return entry;
  }
  if (*kind != kWhole) return damaged("kind");
  LANTAARN_ASSIGN(const auto view, journal::parse_entry(fields.rest()));
  if (view.header.seq != entry.at.seq || view.header.log != entry.log || journal::entry_hash(view.bytes) != entry.at.hash) return damaged("hash");
  entry.previous = view.header.previous;
  entry.entry = lantaarn::to_bytes(view.bytes);
  return entry;
}

// The next of the same log, or the first of a log that goes on where the other ends.
bool follows(const DeviceId& device, const ShippedEntry& last, const ShippedEntry& next) {
  if (next.at.seq != last.at.seq + 1) return false;
  if (next.log == last.log) return next.previous == Hash{} || next.previous == last.at.hash;
  return next.previous == Hash{} || next.previous == journal::genesis_hash({device, next.log, last.log, last.at.seq, last.at.hash});
}

}  // namespace

Bytes own_record(const OwnEntry& entry, const LogId& log, const std::optional<EventId>& dropped) {
  Bytes record;
  append_le(record, dropped ? kBlank : kWhole);
  append(record, log.view());
  append_le(record, entry.at.seq);
  append(record, entry.at.hash);
  append(record, entry.signature);
  if (dropped) append(record, dropped->view());
  append(record, entry.entry);
  return record;
}

Result<ShippedOwnLog> read_own_log(const TargetHead& target, ByteView file, const AuthorityKeys* authority) {
  LANTAARN_ASSIGN(const ShippedRecords shipped, read_shipped(kOwnLogMagic, target, file));
  const DeviceId device{target.server.bytes};
  ShippedOwnLog log{{}, shipped.good_bytes, shipped.torn};
  for (const ByteView record : shipped.records) {
    LANTAARN_ASSIGN(ShippedEntry entry, take_apart(record));
    if (!log.entries.empty() && !follows(device, log.entries.back(), entry)) return damaged("chain");
    const auto signed_by = [&](const crypto::VerifyKey& key) {
      return journal::verify_head(key, device, entry.log, entry.at.seq, entry.at.hash, entry.signature);
    };
    if (authority != nullptr && std::none_of(authority->begin(), authority->end(), signed_by)) return damaged("signature");
    log.entries.push_back(std::move(entry));
  }
  return log;
}

}  // namespace lantaarn::server::backup
