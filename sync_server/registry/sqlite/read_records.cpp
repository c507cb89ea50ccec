// Records, read; and what can be counted without opening anything.
#include <map>

#include "common/base/civil_time.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

#define LANTAARN_RECORD_COLUMNS \
  "SELECT anchor, shown, kind, client_ref, day, until, code, subcode, amount, retracted, box FROM record "

Result<int> day_or(std::string_view date, int when_empty) {
  if (date.empty()) return when_empty;
  const auto parsed = parse_date(date);
  if (!parsed) return refused("date_invalid");
  return to_day_number(*parsed);
}

template <typename T>
std::optional<T> optional_column(const database::Statement& row, int column) {
  if (row.column_is_null(column)) return std::nullopt;
  return static_cast<T>(row.column_int(column));
}

}  // namespace

Result<Loan> SqliteRegistry::record_rows(const RecordFilter& filter) {
  LANTAARN_ASSIGN(const int from, day_or(filter.from_date, -10'000'000));
  LANTAARN_ASSIGN(const int through, day_or(filter.through_date, 10'000'000));
  if (filter.client) {
    LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(*filter.client));
    LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_RECORD_COLUMNS
        "WHERE client_ref <> 0 AND client_ref IN (SELECT m.client_ref FROM client m WHERE m.client_ref = $1 OR (m.cluster_ref = $1 AND m.cluster_ref <> 0)) "
        "AND day >= $2 AND day <= $3 ORDER BY kind, day, anchor"));
    rows->bind(1, ref == 0 ? -1 : ref).bind(2, from).bind(3, through);
    return rows;
  }
  if (!filter.kind.empty()) {
    LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_RECORD_COLUMNS
        "WHERE kind = $1 AND day >= $2 AND day <= $3 ORDER BY kind, day, anchor"));
    rows->bind_text(1, filter.kind).bind(2, from).bind(3, through);
    return rows;
  }
  LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_RECORD_COLUMNS "WHERE day >= $1 AND day <= $2 ORDER BY kind, day, anchor"));
  rows->bind(1, from).bind(2, through);
  return rows;
}

Result<Record> SqliteRegistry::read_record(const database::Statement& row) {
  Record record;
  LANTAARN_ASSIGN(const StoredEntry added, store_.entry_at(row.column_int(0)));
  StoredEntry shown = added;
  if (row.column_int(1) != added.ref) {
    LANTAARN_ASSIGN(shown, store_.entry_at(row.column_int(1)));
  }
  record.id = added.event;
  record.kind = row.column_text(2);
  LANTAARN_ASSIGN(record.client, store_.client_at(row.column_int(3)));
  record.retracted = row.column_int(9) != 0;
  if (!row.column_is_null(10)) {
    LANTAARN_ASSIGN(Detail detail, store_.open_detail(added.owner, record.id.view(), row.column_blob(10)));
    record.fields = std::move(detail.fields);
    record.retraction_reason = std::move(detail.retraction_reason);
  }
  record.amended = !record.fields.empty();
  if (!record.amended) {
    LANTAARN_ASSIGN(record.fields, record_fields_as_added(shown));
  }
  record.author = shown.author;
  record.entry = shown.place;
  record.recorded_ms = shown.recorded_ms;
  record.received_ms = shown.received_ms;
  return record;
}

Status SqliteRegistry::records(const RecordFilter& filter, const Visit<Record>& visit) {
  LANTAARN_ASSIGN(auto rows, record_rows(filter));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    if (!filter.kind.empty() && row.column_text(2) != filter.kind) return {};
    if (!filter.with_retracted && row.column_int(9) != 0) return {};
    LANTAARN_ASSIGN(const Record record, read_record(row));
    return visit(record);
  });
}

Status SqliteRegistry::clear_records(const RecordFilter& filter, const Visit<ClearRecord>& visit) {
  LANTAARN_ASSIGN(auto rows, record_rows(filter));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    if (!filter.kind.empty() && row.column_text(2) != filter.kind) return {};
    if (!filter.with_retracted && row.column_int(9) != 0) return {};
    ClearRecord record;
    record.kind = row.column_text(2);
    LANTAARN_ASSIGN(record.client, store_.client_at(row.column_int(3)));
    record.clear = {static_cast<int>(row.column_int(4)), optional_column<int>(row, 5), row.column_text(6), row.column_text(7),
                    optional_column<std::int64_t>(row, 8)};
    return visit(record);
  });
}

Result<std::optional<Record>> SqliteRegistry::record(const EventId& id) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(id));
  if (!anchor) return std::optional<Record>{};
  LANTAARN_ASSIGN(auto find, store_.statements.get(LANTAARN_RECORD_COLUMNS "WHERE anchor = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, *anchor).step());
  if (!row) return std::optional<Record>{};
  LANTAARN_ASSIGN(auto found, read_record(*find));
  return std::optional(std::move(found));
}

Result<std::vector<Record>> SqliteRegistry::newest_records(const ClientId& client, std::string_view kind, std::size_t limit) {
  std::vector<Record> found;
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  if (ref == 0) return found;
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT r.anchor, r.shown, r.kind, r.client_ref, r.day, r.until, r.code, r.subcode, r.amount, r.retracted, r.box FROM record r "
      "JOIN entry e ON e.place = r.shown WHERE r.client_ref <> 0 AND "
      "r.client_ref IN (SELECT m.client_ref FROM client m WHERE m.client_ref = $1 OR (m.cluster_ref = $1 AND m.cluster_ref <> 0)) "
      "AND r.kind = $2 AND r.retracted = 0 ORDER BY r.day DESC, e.recorded_ms DESC, e.event_id DESC LIMIT $3"));
  rows->bind(1, ref).bind_text(2, kind).bind(3, static_cast<std::int64_t>(limit));
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(Record record, read_record(row));
    found.push_back(std::move(record));
    return {};
  }));
  return found;
}

Result<std::vector<Registry::ClearClient>> SqliteRegistry::clear_clients() {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT c.client_ref, c.client_id, c.cluster_ref, c.status, c.intensity, c.primary_contact, l.day, c.since_day, c.second_contact FROM client c "
      "LEFT JOIN last_spoken l ON l.client_ref = c.client_ref WHERE c.added = 1 ORDER BY c.client_id"));
  std::vector<ClearClient> heads;
  std::map<std::int64_t, std::size_t> at;                 // by client_ref
  std::vector<std::pair<std::int64_t, int>> of_others;    // what members add to who stands for them
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    const auto spoken = optional_column<int>(row, 6);
    if (row.column_int(2) != 0) {
      if (spoken) of_others.emplace_back(row.column_int(2), *spoken);
      return {};
    }
    ClearClient client;
    LANTAARN_ASSIGN(client.id, id_column<ClientId>(row, 1));
    client.cluster = client.id;
    client.status = row.column_text(3);
    client.intensity = row.column_text(4);
    if (!row.column_is_null(5)) client.primary_contact = UserId::from(row.column_blob(5));
    if (!row.column_is_null(8)) client.second_contact = UserId::from(row.column_blob(8));
    client.last_spoken_day = spoken;
    client.since_day = optional_column<int>(row, 7);
    at[row.column_int(0)] = heads.size();
    heads.push_back(client);
    return {};
  }));
  for (const auto& [head, day] : of_others) {
    const auto found = at.find(head);
    if (found == at.end()) continue;
    auto& spoken = heads[found->second].last_spoken_day;
    spoken = std::max(spoken.value_or(day), day);
  }
  return heads;
}

Status SqliteRegistry::kept_counts(const Visit<KeptCount>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT period, channel, sum(contacts) FROM kept_count GROUP BY period, channel "
                                                   "ORDER BY period, channel"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    return visit({row.column_text(0), row.column_text(1), static_cast<std::uint64_t>(row.column_int(2))});
  });
}

}  // namespace lantaarn::server
