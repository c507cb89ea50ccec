#pragma once
// Batches at the target as the gateway received them, sealed as they are: those that the last backup does not hold yet.
// It begins anew with every backup, so that what is erased later stays in no copy.

#include "sync_server/backup/backup.pb.h"
#include "sync_server/backup/shipped_file.hpp"
#include "sync_server/inbox/reader.hpp"

namespace lantaarn::server::backup {

[[nodiscard]] Bytes batch_record(const inbox::InboxBatch& batch);

/// The file's first record: behind which batch it begins, and the mark of the inbox that counts so.
[[nodiscard]] Bytes inbox_start_record(ByteView mark, std::int64_t after_id);

struct ShippedInbox {
  Bytes mark;
  std::int64_t after_id = 0;
  std::vector<pb::Batch> batches;
  std::uint64_t good_bytes = 0;
  bool torn = false;
  bool damaged = false;  ///< something in it was altered: batches behind that are lost
};
/// Entries carry their own proof: their chain and signatures are checked when they are taken in.
[[nodiscard]] Result<ShippedInbox> read_inbox(const TargetHead& target, ByteView file);

}  // namespace lantaarn::server::backup
