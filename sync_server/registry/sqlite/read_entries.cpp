// The event store, read.
#include <algorithm>

#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {

Result<std::vector<StoredEntry>> SqliteRegistry::collect(database::Statement& rows, bool opened) {
  std::vector<StoredEntry> entries;
  LANTAARN_TRY(for_each_row(rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(StoredEntry entry, store_.read_entry(row, opened));
    entries.push_back(std::move(entry));
    return {};
  }));
  return entries;
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_of(const AggregateId& aggregate) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.event_id = $1 AND e.kind >= 0 UNION ALL "
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM link l JOIN entry e ON e.place = l.place WHERE l.parent = $1 AND e.kind >= 0"));
  rows->bind(1, aggregate);
  return collect(*rows, true);
}

Result<bool> SqliteRegistry::has_links(const AggregateId& aggregate) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT 1 FROM link WHERE parent = $1 LIMIT 1"));
  return find->bind(1, aggregate).step();
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_of_log(const DeviceId& device, const LogId& log, std::uint64_t from_seq) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM chain c, entry e WHERE c.device_id = $1 AND c.log_id = $2 "
      "AND e.place >= c.chain_ref * 1099511627776 + $3 AND e.place < (c.chain_ref + 1) * 1099511627776"));
  static_assert(std::int64_t{1} << kSeqBits == 1099511627776);
  rows->bind(1, device.view()).bind(2, log.view()).bind(3, static_cast<std::int64_t>(from_seq));
  return collect(*rows, false);
}

Result<std::vector<LogId>> SqliteRegistry::logs_of(const DeviceId& device) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT log_id FROM chain WHERE device_id = $1 AND branch = 0 ORDER BY chain_ref"));
  rows->bind(1, device.view());
  std::vector<LogId> logs;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto log, id_column<LogId>(row, 0));
    logs.push_back(log);
    return {};
  }));
  return logs;
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_set_apart(const DeviceId& device) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e JOIN chain c ON c.chain_ref = e.place / 1099511627776 "
      "WHERE e.admission <> 0 AND c.device_id = $1"));
  rows->bind(1, device.view());
  return collect(*rows, false);
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_of_boot(const ByteArray<kIdBytes>& boot_id) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.boot_id = $1"));
  rows->bind(1, boot_id);
  return collect(*rows, false);
}

Result<bool> SqliteRegistry::is_dropped(const EventId& event) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT kind FROM entry WHERE event_id = $1 AND copy = 0"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, event.view()).step());
  return row && find->column_int(0) == kDroppedKind;
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_about(const ClientId& client) {
  // Rare, so no index: erasing reads the event store through once.
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind >= 0 AND e.client_ref <> 0 AND "
      "e.client_ref = (SELECT client_ref FROM client WHERE client_id = $1) UNION "
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind >= 0 AND e.owner_ref <> 0 AND "
      "e.owner_ref = (SELECT owner_ref FROM keyring WHERE owner_id = $1) UNION "
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM link l JOIN entry e ON e.place = l.place WHERE l.parent = $1 AND e.kind >= 0"));
  rows->bind(1, client.view());
  return collect(*rows, false);
}

Status SqliteRegistry::all_dropped(const Visit<StoredEntry>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind = -2 ORDER BY e.place"));
  return for_each_row(*rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const StoredEntry entry, store_.read_entry(row, false));
    return visit(entry);
  });
}

Result<std::optional<KeyOwner>> SqliteRegistry::owner_of(const EventId& event) {
  std::int64_t ref = 0;
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT owner_ref FROM entry WHERE event_id = $1 AND copy = 0 AND kind >= 0"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, event.view()).step());
    if (!row) return std::optional<KeyOwner>{};
    ref = find->column_int(0);
  }
  LANTAARN_ASSIGN(const KeyOwner owner, store_.keyring.owner_at(ref));
  return std::optional<KeyOwner>{owner};
}

Result<std::uint64_t> SqliteRegistry::event_count() { return count("SELECT count(*) FROM entry WHERE kind >= 0 AND copy = 0"); }

Status SqliteRegistry::all_entries(const Visit<StoredEntry>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind >= 0 ORDER BY e.place"));
  return for_each_row(*rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const StoredEntry entry, store_.read_entry(row, true));
    return visit(entry);
  });
}

Result<std::vector<StoredEntry>> SqliteRegistry::newest_entries(const DeviceId& device, const std::vector<int>& kinds, std::size_t limit) {
  std::vector<std::int64_t> chains;
  {
    LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT chain_ref FROM chain WHERE device_id = $1 ORDER BY chain_ref DESC"));
    rows->bind(1, device.view());
    LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
      chains.push_back(row.column_int(0));
      return {};
    }));
  }
  std::vector<StoredEntry> found;
  for (const std::int64_t chain : chains) {
    LANTAARN_ASSIGN(auto rows, store_.statements.get(
        "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.place >= $1 AND e.place < $2 AND e.admission = 0 ORDER BY e.place DESC"));
    rows->bind(1, chain << kSeqBits).bind(2, (chain + 1) << kSeqBits);
    while (found.size() < limit) {
      LANTAARN_ASSIGN(const bool more, rows->step());
      if (!more) break;
      if (std::find(kinds.begin(), kinds.end(), static_cast<int>(rows->column_int(3))) == kinds.end()) continue;
      LANTAARN_ASSIGN(StoredEntry entry, store_.read_entry(*rows, true));
      found.push_back(std::move(entry));
    }
  }
  return found;
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_of_kind(int kind) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      kind == 0 ? std::string_view("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind = 0 ORDER BY e.place")
                : std::string_view("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind >= 60 AND e.kind = $1 ORDER BY e.place")));
  if (kind != 0) rows->bind(1, kind);
  return collect(*rows, true);
}

Result<HeldEntry> SqliteRegistry::read_held(database::Statement& row) {
  LANTAARN_ASSIGN(const StoredEntry entry, store_.read_entry(row, false));
  HeldEntry held;
  held.place = entry.place;
  held.author = entry.author;
  held.received_ms = entry.received_ms;
  held.verified = entry.verified;
  held.admission = entry.admission;
  held.raw = to_bytes(row.column_blob(kEntryColumns - 1));
  return held;
}

Result<std::vector<std::pair<EntryRef, HeldEntry>>> SqliteRegistry::held_with(const KeyId& seal_key) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM link l JOIN entry e ON e.place = l.place WHERE l.parent = $1 AND e.kind = -1"));
  rows->bind(1, seal_key.view());
  std::vector<std::pair<EntryRef, HeldEntry>> found;
  LANTAARN_TRY(for_each_row(*rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(HeldEntry held, read_held(row));
    held.seal_key = seal_key;
    found.emplace_back(row.column_int(0), std::move(held));
    return {};
  }));
  return found;
}

Status SqliteRegistry::all_held(const Visit<HeldEntry>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.kind = -1 AND e.admission <> 0 ORDER BY e.place"));
  return for_each_row(*rows, [&](database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const HeldEntry held, read_held(row));
    return visit(held);
  });
}

namespace {

Result<UnverifiedRun> read_run(const database::Statement& row) {
  UnverifiedRun run;
  run.id = array_column<kIdBytes>(row, 0);
  LANTAARN_ASSIGN(run.device, id_column<DeviceId>(row, 1));
  LANTAARN_ASSIGN(run.log, id_column<LogId>(row, 2));
  LANTAARN_ASSIGN(run.author, id_column<UserId>(row, 3));
  run.seq = static_cast<std::uint64_t>(row.column_int(4));
  run.hash = array_column<32>(row, 5);
  run.signature = array_column<crypto::kSignatureBytes>(row, 6);
  return run;
}

Result<std::vector<UnverifiedRun>> read_runs(database::Statement& rows) {
  std::vector<UnverifiedRun> runs;
  LANTAARN_TRY(for_each_row(rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const UnverifiedRun run, read_run(row));
    runs.push_back(run);
    return {};
  }));
  return runs;
}

}  // namespace

Result<std::vector<UnverifiedRun>> SqliteRegistry::runs_of(const DeviceId& device, const UserId& author) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT run_id, device_id, log_id, author, seq, hash, signature FROM run "
                                                   "WHERE device_id = $1 AND author = $2 ORDER BY run_id"));
  rows->bind(1, device.view()).bind(2, author.view());
  return read_runs(*rows);
}

Result<std::vector<StoredEntry>> SqliteRegistry::entries_of_run(const ByteArray<kIdBytes>& run) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT " LANTAARN_ENTRY_COLUMNS " FROM link l JOIN entry e ON e.place = l.place WHERE l.parent = $1"));
  rows->bind(1, run);
  return collect(*rows, false);
}

}  // namespace lantaarn::server
