#include "sync_server/backup/inbox_file.hpp"

#include "common/model/event.hpp"

namespace lantaarn::server::backup {

using model::id_field;

Bytes batch_record(const inbox::InboxBatch& batch) {
  pb::Batch record;
  record.set_inbox_id(batch.inbox_id);
  record.set_device_id(id_field(batch.log.device));
  record.set_log_id(id_field(batch.log.log));
  record.set_after_log(id_field(batch.log.after_log));
  record.set_after_seq(batch.log.after_seq);
  record.set_after_hash(to_string(batch.log.after_hash));
  record.set_received_ms(batch.received_ms);
  record.set_bytes(to_string(batch.bytes));
  const std::string text = record.SerializeAsString();
  return lantaarn::to_bytes(as_bytes(text));
}

Bytes inbox_start_record(ByteView mark, std::int64_t after_id) {
  Bytes record;
  append_le(record, after_id);
  append(record, mark);
  return record;
}

Result<ShippedInbox> read_inbox(const TargetHead& target, ByteView file) {
  LANTAARN_ASSIGN(const ShippedRecords shipped, read_shipped(kInboxMagic, target, file));
  if (shipped.records.empty() || shipped.records.front().size() < sizeof(std::int64_t)) return corrupt("backup_damaged");
  const ByteView start = shipped.records.front();
  ShippedInbox read{lantaarn::to_bytes(start.subspan(sizeof(std::int64_t))), load_le<std::int64_t>(start.data()), {}, shipped.good_bytes, shipped.torn,
                    shipped.damaged};
  for (const ByteView record : std::span(shipped.records).subspan(1)) {
    pb::Batch& batch = read.batches.emplace_back();
    if (!batch.ParseFromArray(record.data(), static_cast<int>(record.size()))) return corrupt("backup_damaged");
  }
  return read;
}

}  // namespace lantaarn::server::backup
