// Contacts that may be one conversation, and contacts a day: from what stands in clear.
#include <algorithm>
#include <map>

#include "common/base/civil_time.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

Result<int> since_day(std::string_view date) {
  if (date.empty()) return -10'000'000;
  const auto parsed = parse_date(date);
  if (!parsed) return refused("date_invalid");
  return to_day_number(*parsed);
}

}  // namespace

struct SqliteRegistry::DayContact {
  std::int64_t woman = 0;  ///< row of who stands for her
  EntryRef anchor = 0;
  std::int64_t at_ms = 0;
  std::uint32_t minutes = 0;
};

Status SqliteRegistry::same_day_contacts(std::string_view since_date, const std::function<Result<bool>(const ContactPair&)>& visit) {
  LANTAARN_ASSIGN(const int since, since_day(since_date));
  std::map<std::int64_t, std::int64_t> head_of;
  LANTAARN_ASSIGN(auto linked, store_.statements.get("SELECT client_ref, cluster_ref FROM client WHERE cluster_ref <> 0"));
  LANTAARN_TRY(for_each_row(*linked, [&](const database::Statement& row) -> Status {
    head_of[row.column_int(0)] = row.column_int(1);
    return {};
  }));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT day, client_ref, anchor, coalesce(repaired_ms, occurred_ms), coalesce(minutes, 0) FROM contact "
      "WHERE spoken = 1 AND day >= $1 AND client_ref > 0 ORDER BY day DESC"));
  rows->bind(1, since);
  std::vector<DayContact> day;
  std::int64_t at_day = 0;
  while (true) {
    LANTAARN_ASSIGN(const bool more, rows->step());
    if (!day.empty() && (!more || rows->column_int(0) != at_day)) {
      LANTAARN_ASSIGN(const bool goes_on, visit_day(day, visit));
      if (!goes_on) return {};
      day.clear();
    }
    if (!more) return {};
    at_day = rows->column_int(0);
    const auto head = head_of.find(rows->column_int(1));
    day.push_back({head == head_of.end() ? rows->column_int(1) : head->second, rows->column_int(2), rows->column_int(3),
                   static_cast<std::uint32_t>(rows->column_int(4))});
  }
}

Result<bool> SqliteRegistry::visit_day(const std::vector<DayContact>& day, const std::function<Result<bool>(const ContactPair&)>& visit) {
  std::vector<DayContact> sorted = day;
  std::sort(sorted.begin(), sorted.end(), [](const DayContact& a, const DayContact& b) { return std::pair(a.woman, a.anchor) < std::pair(b.woman, b.anchor); });
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t k = i + 1; k < sorted.size() && sorted[k].woman == sorted[i].woman; ++k) {
      LANTAARN_ASSIGN(const auto pair, pair_of(sorted[i], sorted[k]));
      if (!pair) continue;
      LANTAARN_ASSIGN(const bool goes_on, visit(*pair));
      if (!goes_on) return false;
    }
  }
  return true;
}

// Nothing when one author wrote both.
Result<std::optional<Registry::ContactPair>> SqliteRegistry::pair_of(const DayContact& a, const DayContact& b) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT event_id, author FROM entry WHERE place = $1"));
  ContactPair pair{{}, {}, {}, {}, {}, a.at_ms, b.at_ms, a.minutes, b.minutes};
  const auto read = [&](EntryRef anchor, EventId& event, UserId& author) -> Status {
    LANTAARN_ASSIGN(const bool row, find->bind(1, anchor).step());
    if (!row) return corrupt("record_unreadable", {store_.database.name()});
    LANTAARN_ASSIGN(event, id_column<EventId>(*find, 0));
    LANTAARN_ASSIGN(author, id_column<UserId>(*find, 1));
    find->reset();
    return {};
  };
  LANTAARN_TRY(read(a.anchor, pair.first, pair.first_author));
  LANTAARN_TRY(read(b.anchor, pair.second, pair.second_author));
  if (pair.first_author == pair.second_author) return std::optional<ContactPair>{};
  if (pair.second < pair.first) {
    std::swap(pair.first, pair.second);
    std::swap(pair.first_author, pair.second_author);
    std::swap(pair.first_ms, pair.second_ms);
    std::swap(pair.first_minutes, pair.second_minutes);
  }
  LANTAARN_ASSIGN(const auto client, store_.client_at(a.woman));
  pair.client = client.value_or(ClientId{});
  return std::optional(std::move(pair));
}

Result<std::vector<Registry::DayCount>> SqliteRegistry::contacts_by_day(std::string_view since_date) {
  LANTAARN_ASSIGN(const int since, since_day(since_date));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      "SELECT day, channel, sum(contacts) FROM contact_count WHERE day >= $1 GROUP BY day, channel HAVING sum(contacts) <> 0 ORDER BY day, channel"));
  rows->bind(1, since);
  std::vector<DayCount> counts;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    counts.push_back({static_cast<int>(row.column_int(0)), row.column_text(1), static_cast<std::uint64_t>(row.column_int(2))});
    return {};
  }));
  return counts;
}

}  // namespace lantaarn::server
