#pragma once
// A file that grows record by record while the server works. A record that is torn, or follows one, does not count: it is
// written again, for what is shipped stands in the server's own stores first.

#include "sync_server/backup/target.hpp"

namespace lantaarn::server::backup {

[[nodiscard]] Bytes shipped_head(std::string_view magic, const TargetHead& target);
/// A payload of at most kRecordBytesMax.
void append_record(Bytes& to, ByteView payload);

struct ShippedRecords {
  std::vector<ByteView> records;   ///< views into the file
  std::uint64_t good_bytes = 0;    ///< where the next record goes
  bool torn = false;               ///< something stands behind the last whole record
  bool damaged = false;            ///< … and it is no record whose end is not written yet: what follows it cannot be told
};
/// kCorrupt "backup_damaged" when the head is not this target's; kRefused "backup_newer".
[[nodiscard]] Result<ShippedRecords> read_shipped(std::string_view magic, const TargetHead& target, ByteView file);

/// Appends and reads back. kCorrupt "backup_damaged" when the medium gives back something else.
[[nodiscard]] Status append_verified(TargetFiles& files, const std::string& name, std::uint64_t at, ByteView content);
/// The same for a whole file.
[[nodiscard]] Status put_verified(TargetFiles& files, const std::string& name, ByteView content, bool scrub = false);

}  // namespace lantaarn::server::backup
