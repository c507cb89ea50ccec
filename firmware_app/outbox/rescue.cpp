#include "firmware_app/outbox/rescue.hpp"

#include <filesystem>

namespace lantaarn::firmware {
namespace {

namespace fs = std::filesystem;
using journal::Journal;

Result<Journal> open_copy(const std::string& folder, const std::string& scratch) {
  std::error_code failed;
  for (const char* name : {"journal.db", "journal.db-wal"}) {
    if (!fs::exists(folder + "/" + name)) continue;
    fs::copy_file(folder + "/" + name, scratch + "/" + name, fs::copy_options::overwrite_existing, failed);
    if (failed) return storage_error(failed == std::errc::no_space_on_device ? "disk_full" : "disk_error", {name});
  }
  return Journal::open_read_only(scratch + "/journal.db");
}

Result<sync::RescuedLog> rescued(Journal& journal, const journal::LogState& log) {
  sync::RescuedLog out;
  out.origin = {log.genesis.log, log.genesis.after_log, {log.genesis.after_seq, log.genesis.after_hash}};
  out.head = {log.head.seq, log.head.hash};
  out.pruned = {log.pruned.seq, log.pruned.hash};
  if (log.pruned.seq == 0) return out;
  LANTAARN_ASSIGN(const Bytes statement, journal.secured_statement(log.genesis.log));
  if (!out.secured.ParseFromString(to_string(statement))) return corrupt("database_damaged", {"journal.db"});
  return out;
}

// Through where its entries could be copied.
Result<std::uint64_t> copy_batches(Journal& journal, const journal::LogState& log, sync::StickWriter& writer) {
  std::uint64_t through = log.pruned.seq;
  while (through < log.head.seq) {
    const auto batch = journal.read_batch(log.genesis.log, through + 1);
    if (!batch.ok() && batch.error().kind == ErrorKind::kCorrupt) break;
    if (!batch.ok()) return batch.error();
    if (batch->empty()) break;
    LANTAARN_TRY(writer.batch(*batch));
    LANTAARN_ASSIGN(const auto items, journal::parse_batch(*batch));
    through = items.back().entry.header.seq;
  }
  return through;
}

}  // namespace

Result<Journal> open_for_rescue(const std::string& folder, const std::string& scratch) {
  std::error_code ignored;
  if (!fs::exists(folder + "/journal.db", ignored)) return refused("nothing_to_rescue");
  auto journal = Journal::open_read_only(folder + "/journal.db");
  if (!journal.ok() && journal.error().kind == ErrorKind::kStorage) journal = open_copy(folder, scratch);
  if (journal.ok() && journal->device().is_zero()) return refused("nothing_to_rescue");
  return journal;
}

Result<RescueCounts> write_rescue(Journal& journal, sync::StickWriter& writer) {
  LANTAARN_ASSIGN(const auto logs, journal.logs());
  RescueCounts counts;
  for (const journal::LogState& log : logs) {
    if (log.head.seq == 0) continue;
    LANTAARN_ASSIGN(const sync::RescuedLog head, rescued(journal, log));
    LANTAARN_TRY(writer.log(head));
    LANTAARN_ASSIGN(const std::uint64_t through, copy_batches(journal, log, writer));
    if (through < log.head.seq) LANTAARN_TRY(writer.damage(through));
    ++counts.logs;
    counts.entries += through - log.pruned.seq;
    counts.unreadable += log.head.seq - through;
  }
  LANTAARN_TRY(writer.end());
  return counts;
}

}  // namespace lantaarn::firmware
