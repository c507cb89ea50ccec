// What lies at a backup's target, where others may write, and sheets as people type them.
#include "sync_server/backup/inbox_file.hpp"
#include "sync_server/backup/own_log_file.hpp"
#include "sync_server/backup/sealed_file.hpp"
#include "sync_server/backup/sheet.hpp"
#include "tests/fuzz/fuzz.hpp"

LANTAARN_FUZZ_TARGET(backup) {
  using namespace server::backup;
  Pieces pieces(input);
  const crypto::BoxKey key{fixed_key(6)};
  const TargetHead target{fixed_id<ServerId>(1), fixed_id<TargetId>(2), {key.public_key(), {}}, 0};
  const std::uint8_t how = pieces.byte();
  const ByteView rest = pieces.rest();
  switch (how % 6) {
    case 0: return static_cast<void>(read_own_log(target, rest, nullptr));
    case 1: return static_cast<void>(read_inbox(target, rest));
    case 2: return static_cast<void>(open_file(key, "LANTFUZZ", rest));
    case 3: return static_cast<void>(unsigned_part(rest));
    case 4: {
      const auto sheet = read_sheet(rest, "1");
      if (!sheet.ok()) promise(!sheet.error().code.empty());
      return;
    }
    default: {
      // The head of a shipped file as it should be, anything after it.
      Bytes file = shipped_head("LANTOWNL", target);
      for (Pieces records(rest); !records.empty();) append_record(file, records.next());
      const auto read = read_shipped("LANTOWNL", target, file);
      promise(read.ok() && !read->torn && read->good_bytes == file.size());
    }
  }
}
