// What erasures and retention terms ask: ids, days and counts, nothing opened.
#include <map>

#include "common/base/civil_time.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

Result<int> day_number(std::string_view date) {
  const auto parsed = parse_date(date);
  if (!parsed) return refused("date_invalid");
  return to_day_number(*parsed);
}

Result<std::vector<EventId>> ids_in(database::Statement& rows) {
  std::vector<EventId> ids;
  LANTAARN_TRY(for_each_row(rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto id, id_column<EventId>(row, 0));
    ids.push_back(id);
    return {};
  }));
  return ids;
}

std::string half_year_of(int day) {
  const CivilDate date = from_day_number(day);
  return std::to_string(date.year) + (date.month <= 6 ? "-H1" : "-H2");
}

}  // namespace

Result<std::vector<EventId>> SqliteRegistry::events_between(int kind, const EventId& first, const EventId& last) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT event_id FROM entry WHERE event_id >= $1 AND event_id <= $2 AND copy = 0 AND kind = $3 ORDER BY event_id"));
  rows->bind(1, first.view()).bind(2, last.view()).bind(3, kind);
  return ids_in(*rows);
}

Result<std::vector<EventId>> SqliteRegistry::unknown_contacts_before(std::string_view date) {
  LANTAARN_ASSIGN(const int before, day_number(date));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT e.event_id FROM contact k JOIN entry e ON e.place = k.anchor WHERE k.client_ref = 0 AND k.spoken IN (0, 1) "
      "AND k.day < $1 ORDER BY e.event_id"));
  rows->bind(1, before);
  return ids_in(*rows);
}

Result<std::uint64_t> SqliteRegistry::count_unknown_contacts_before(std::string_view date) {
  LANTAARN_ASSIGN(const int before, day_number(date));
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT count(*) FROM contact WHERE client_ref = 0 AND spoken IN (0, 1) AND day < $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, before).step());
  return row ? static_cast<std::uint64_t>(find->column_int(0)) : 0;
}

Result<std::vector<EventId>> SqliteRegistry::records_before(std::string_view kind, std::string_view date, bool by_until) {
  LANTAARN_ASSIGN(const int before, day_number(date));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      by_until ? std::string_view("SELECT e.event_id FROM record r JOIN entry e ON e.place = r.anchor WHERE r.kind = $1 "
                                  "AND coalesce(r.until, r.day) < $2 ORDER BY e.event_id")
               : std::string_view("SELECT e.event_id FROM record r JOIN entry e ON e.place = r.anchor WHERE r.kind = $1 "
                                  "AND r.day < $2 ORDER BY e.event_id")));
  rows->bind_text(1, kind).bind(2, before);
  return ids_in(*rows);
}

Result<std::map<ClientId, int>> SqliteRegistry::last_content_days() {
  // What is sealed under her key is about her. By when it was recorded, not by what it says: a change restarts the term,
  // a look does not.
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT k.owner_id, max(e.recorded_ms) FROM entry e JOIN keyring k ON k.owner_ref = e.owner_ref "
      "WHERE e.kind >= 0 AND e.admission = 0 GROUP BY e.owner_ref"));
  std::map<ClientId, int> days;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto client, id_column<ClientId>(row, 0));
    days[client] = to_day_number(date_in_amsterdam(row.column_int(1)));
    return {};
  }));
  return days;
}

Result<std::vector<KeptCount>> SqliteRegistry::counts_to_keep(const ClientId& client) {
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT day, channel, count(*) FROM contact WHERE retracted = 0 AND counted = 1 AND client_ref IN "
      "(SELECT m.client_ref FROM client m WHERE m.client_ref = $1 OR (m.cluster_ref = $1 AND m.cluster_ref <> 0)) GROUP BY day, channel"));
  rows->bind(1, ref == 0 ? -1 : ref);
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    counts[{half_year_of(static_cast<int>(row.column_int(0))), row.column_text(1)}] += static_cast<std::uint64_t>(row.column_int(2));
    return {};
  }));
  std::vector<KeptCount> kept;
  for (const auto& [key, contacts] : counts) kept.push_back({key.first, key.second, contacts});
  return kept;
}

}  // namespace lantaarn::server
