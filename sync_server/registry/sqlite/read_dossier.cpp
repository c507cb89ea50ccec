// One woman's dossier, a part at a time: what is due to be shown first, and how much there is. Opens nothing but what it returns.
#include <algorithm>

#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

// $2, $3: instant and place of the moment that was shown last; $4: how many. Days are put at noon.
#define LANTAARN_MOMENTS(at, table, where)                                                                             \
  "SELECT at_ms, anchor, (SELECT e.event_id FROM entry e WHERE e.place = anchor) FROM (SELECT " at " AS at_ms, anchor FROM " table " WHERE " where \
  LANTAARN_OF_CLUSTER ") WHERE at_ms < $2 OR (at_ms = $2 AND anchor < $3) ORDER BY at_ms DESC, anchor DESC LIMIT $4"

constexpr std::string_view kContactMoments = LANTAARN_MOMENTS("coalesce(repaired_ms, occurred_ms)", "contact", "");
constexpr std::string_view kRecordMoments = LANTAARN_MOMENTS("day * 86400000 + 43200000", "record", "retracted = 0 AND client_ref <> 0 AND ");
constexpr std::string_view kFollowUpMoments = LANTAARN_MOMENTS("due_day * 86400000 + 43200000", "follow_up", "client_ref <> 0 AND ");

bool comes_first(const Registry::Moment& a, const Registry::Moment& b) {
  return std::pair(a.at_ms, a.place) > std::pair(b.at_ms, b.place);
}

}  // namespace

Status SqliteRegistry::moments(std::string_view sql, std::int64_t ref, const Moment& before, std::size_t limit, MomentKind kind,
                               std::vector<Moment>& into) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(sql));
  rows->bind(1, ref).bind(2, before.at_ms).bind(3, before.place).bind(4, static_cast<std::int64_t>(limit));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto id, id_column<EventId>(row, 2));
    into.push_back({row.column_int(0), row.column_int(1), kind, id});
    return {};
  });
}

Result<std::vector<Registry::Moment>> SqliteRegistry::timeline(const ClientId& client, const std::optional<Moment>& before, std::size_t limit) {
  std::vector<Moment> found;
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  if (ref == 0) return found;
  const Moment from = before.value_or(Moment{INT64_MAX, INT64_MAX, MomentKind::kContact, {}});
  LANTAARN_TRY(moments(kContactMoments, ref, from, limit, MomentKind::kContact, found));
  LANTAARN_TRY(moments(kRecordMoments, ref, from, limit, MomentKind::kRecord, found));
  LANTAARN_TRY(moments(kFollowUpMoments, ref, from, limit, MomentKind::kFollowUp, found));
  std::sort(found.begin(), found.end(), comes_first);
  if (found.size() > limit) found.resize(limit);
  return found;
}

Result<Registry::DossierCounts> SqliteRegistry::dossier_counts(const ClientId& client) {
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  DossierCounts counts;
  if (ref == 0) return counts;
  // What was taken back is not spoken, and has to be looked at to be left out; it is rare and stays counted among the contacts.
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT (SELECT count(*) FROM contact WHERE " LANTAARN_OF_CLUSTER "), "
      "(SELECT count(*) FROM record WHERE retracted = 0 AND client_ref <> 0 AND " LANTAARN_OF_CLUSTER "), "
      "(SELECT count(*) FROM follow_up WHERE done = 0 AND client_ref <> 0 AND " LANTAARN_OF_CLUSTER ")"));
  LANTAARN_ASSIGN(const bool row, rows->bind(1, ref).step());
  if (!row) return counts;
  const auto number = [&](int column) { return static_cast<std::uint64_t>(rows->column_int(column)); };
  return DossierCounts{number(0), number(1), number(2)};
}

Result<std::vector<Registry::Talk>> SqliteRegistry::talks_with(const ClientId& client) {
  std::vector<Talk> talks;
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  if (ref == 0) return talks;
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT coalesce(repaired_ms, occurred_ms), coalesce(minutes, 0) FROM contact WHERE " LANTAARN_OF_CLUSTER "AND spoken = 1 ORDER BY 1"));
  rows->bind(1, ref);
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    talks.push_back({row.column_int(0), static_cast<std::uint32_t>(row.column_int(1))});
    return {};
  }));
  return talks;
}

Result<std::optional<FollowUp>> SqliteRegistry::follow_up(const EventId& id) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(id));
  if (!anchor) return std::optional<FollowUp>{};
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT anchor, shown, client_ref, due_day, owner, done FROM follow_up WHERE anchor = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, *anchor).step());
  if (!row) return std::optional<FollowUp>{};
  LANTAARN_ASSIGN(auto found, read_follow_up(*find));
  return std::optional(std::move(found));
}

}  // namespace lantaarn::server
