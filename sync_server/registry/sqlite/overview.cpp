// What the coordinator looks at: the overview, cases, quarantine, handhelds, staff.
#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/rules.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

constexpr int kInContactDays = 42;  // the widest of the out-of-sight terms (7 / 21 / 42)

Result<int> day_or(std::string_view date, int when_empty) {
  if (date.empty()) return when_empty;
  const auto parsed = parse_date(date);
  if (!parsed) return refused("date_invalid");
  return to_day_number(*parsed);
}

// A linked woman counts once, as the one who stands for her.
void count_women(const std::vector<Registry::ClearClient>& clients, int today, Overview& overview) {
  std::map<std::pair<std::string, std::string>, Overview::Women> groups;
  for (const Registry::ClearClient& client : clients) {
    auto& group = groups[{client.status, client.intensity}];
    ++group.clients;
    if (client.status != "in_view") continue;
    ++overview.in_view;
    const bool spoken = client.last_spoken_day && *client.last_spoken_day >= today - kInContactDays && *client.last_spoken_day <= today;
    if (!client.intensity.empty() && spoken) ++group.in_contact;
    if (!client.intensity.empty() && spoken) ++overview.in_contact;
    const auto last = client.last_spoken_day ? std::optional(from_day_number(*client.last_spoken_day)) : std::nullopt;
    const auto since = from_day_number(client.since_day.value_or(today));
    if (model::is_out_of_sight(client.intensity, last, since, from_day_number(today))) ++overview.out_of_sight;
  }
  for (auto& [key, group] : groups) {
    group.status = key.first;
    group.intensity = key.second;
    overview.women.push_back(group);
  }
}

}  // namespace

Result<std::uint64_t> SqliteRegistry::count(std::string_view sql) {
  LANTAARN_ASSIGN(auto find, store_.statements.get(sql));
  LANTAARN_ASSIGN(const bool row, find->step());
  return row ? static_cast<std::uint64_t>(find->column_int(0)) : 0;
}

Result<Overview> SqliteRegistry::overview(std::string_view today, std::string_view from_date, std::string_view through_date) {
  Overview overview;
  overview.date = today;
  LANTAARN_ASSIGN(const int day, day_or(today, 0));
  LANTAARN_ASSIGN(const int from, day_or(from_date, -10'000'000));
  LANTAARN_ASSIGN(const int through, day_or(through_date, 10'000'000));
  LANTAARN_ASSIGN(const auto women, clear_clients());
  count_women(women, day, overview);
  {
    LANTAARN_ASSIGN(auto rows, store_.statements.get(
        "SELECT channel, place_code, sum(contacts) FROM contact_count WHERE day >= $1 AND day <= $2 "
        "GROUP BY channel, place_code HAVING sum(contacts) <> 0 ORDER BY channel, place_code"));
    rows->bind(1, from).bind(2, through);
    LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
      overview.contacts.push_back({row.column_text(0), row.column_text(1), static_cast<std::uint64_t>(row.column_int(2))});
      return {};
    }));
  }
  {
    LANTAARN_ASSIGN(auto rows, store_.statements.get(
        "SELECT (SELECT e.event_id FROM entry e WHERE e.place = f.shown), f.client_ref, f.due_day, f.owner FROM follow_up f "
        "WHERE f.done = 0 AND f.due_day <= $1 ORDER BY f.due_day, f.anchor"));
    rows->bind(1, day);
    LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
      FollowUp follow_up;
      LANTAARN_ASSIGN(follow_up.id, id_column<EventId>(row, 0));
      LANTAARN_ASSIGN(follow_up.client, store_.client_at(row.column_int(1)));
      follow_up.due_date = to_string(from_day_number(static_cast<int>(row.column_int(2))));
      if (!row.column_is_null(3)) follow_up.owner = UserId::from(row.column_blob(3));
      overview.follow_ups_due.push_back(std::move(follow_up));
      return {};
    }));
  }
  LANTAARN_ASSIGN(overview.unknown_persons, count("SELECT coalesce(sum(contacts), 0) FROM contact_count WHERE unknown_person = 1"));
  LANTAARN_ASSIGN(overview.review_cases, count("SELECT count(*) FROM review_case"));
  LANTAARN_ASSIGN(const auto entries_apart, count("SELECT count(*) FROM entry WHERE admission <> 0"));
  LANTAARN_ASSIGN(const auto batches_apart, count("SELECT count(*) FROM bad_batch"));
  overview.quarantined = entries_apart + batches_apart;
  LANTAARN_TRY(kept_counts([&](const KeptCount& kept) -> Status {
    overview.kept_contacts += kept.contacts;
    return {};
  }));
  LANTAARN_ASSIGN(overview.unknown_facts, count("SELECT count(DISTINCT event_id) FROM entry WHERE kind = 0 AND admission = 0"));
  LANTAARN_ASSIGN(overview.handhelds, devices());
  return overview;
}

Status SqliteRegistry::review_cases(const Visit<ReviewCase>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT case_id, owner_kind, owner, field FROM review_case ORDER BY case_id"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    ReviewCase open_case;
    open_case.id = array_column<kIdBytes>(row, 0);
    open_case.owner_kind = static_cast<OwnerKind>(row.column_int(1));
    open_case.owner = array_column<kIdBytes>(row, 2);
    std::vector<FieldView> fields;
    if (open_case.owner_kind == OwnerKind::kClient) {
      open_case.client = ClientId{open_case.owner};
      LANTAARN_ASSIGN(auto owner, client(*open_case.client));
      if (owner) fields = std::move(owner->fields);
    } else if (open_case.owner_kind == OwnerKind::kRecord) {
      LANTAARN_ASSIGN(auto owner, record(EventId{open_case.owner}));
      if (owner) open_case.client = owner->client;
      if (owner) fields = std::move(owner->fields);
    } else {
      LANTAARN_ASSIGN(auto owner, contact(EventId{open_case.owner}));
      if (owner) open_case.client = owner->client;
      if (owner) fields = std::move(owner->fields);
    }
    const std::string name = row.column_text(3);
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const FieldView& one) { return one.field == name; });
    if (field == fields.end()) return corrupt("record_unreadable", {store_.database.name()});
    open_case.field = *field;
    return visit(open_case);
  });
}

Status SqliteRegistry::quarantine(const Visit<Quarantined>& visit) {
  {
    LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT " LANTAARN_ENTRY_COLUMNS " FROM entry e WHERE e.admission <> 0 ORDER BY e.place"));
    LANTAARN_TRY(for_each_row(*rows, [&](database::Statement& row) -> Status {
      LANTAARN_ASSIGN(const StoredEntry entry, store_.read_entry(row, false));
      return visit({std::string(reason_of(entry.admission)), entry.place, entry.author,
                    entry.held ? std::nullopt : std::optional(entry.event), entry.received_ms});
    }));
  }
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT hash, device_id, log_id, reason, received_ms FROM bad_batch ORDER BY hash"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    Quarantined apart;
    apart.entry.hash = array_column<32>(row, 0);
    LANTAARN_ASSIGN(apart.entry.device, id_column<DeviceId>(row, 1));
    LANTAARN_ASSIGN(apart.entry.log, id_column<LogId>(row, 2));
    apart.reason = row.column_text(3);
    apart.received_ms = row.column_int(4);
    return visit(apart);
  });
}

Result<std::vector<UserView>> SqliteRegistry::users() {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT user_id, role, box FROM staff ORDER BY user_id"));
  std::vector<UserView> users;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto id, id_column<UserId>(row, 0));
    LANTAARN_ASSIGN(const Detail detail, store_.open_detail({}, id.view(), row.column_blob(2)));
    users.push_back({id, detail.name, row.column_text(1)});
    return {};
  }));
  return users;
}

Result<std::vector<DeviceView>> SqliteRegistry::devices() {
  std::map<std::int64_t, std::pair<DeviceId, LogView>> chains;
  LANTAARN_ASSIGN(auto logs, store_.statements.get("SELECT chain_ref, device_id, log_id, saved_seq, received_seq, merged_seq FROM chain "
                                                   "WHERE branch = 0"));
  LANTAARN_TRY(for_each_row(*logs, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const auto device, id_column<DeviceId>(row, 1));
    LANTAARN_ASSIGN(const auto log, id_column<LogId>(row, 2));
    const auto number = [&](int column) { return static_cast<std::uint64_t>(row.column_int(column)); };
    chains[row.column_int(0)] = {device, {log, number(3), number(4), number(5), 0}};
    return {};
  }));
  LANTAARN_ASSIGN(auto apart, store_.statements.get("SELECT place / 1099511627776, count(*) FROM entry WHERE admission <> 0 "
                                                    "GROUP BY place / 1099511627776"));
  LANTAARN_TRY(for_each_row(*apart, [&](const database::Statement& row) -> Status {
    const auto entries = static_cast<std::uint64_t>(row.column_int(1));
    LANTAARN_ASSIGN(const Chain chain, store_.chain_at(row.column_int(0)));
    for (auto& [ref, one] : chains) {
      if (one.first == chain.device && one.second.log == chain.log) one.second.set_apart += entries;
    }
    return {};
  }));
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT device_id, users, channel_key, bound, revoked, last_seen_ms, box FROM device "
                                                   "ORDER BY device_id"));
  std::vector<DeviceView> devices;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    DeviceView device;
    LANTAARN_ASSIGN(device.id, id_column<DeviceId>(row, 0));
    ByteReader users(row.column_blob(1));
    while (const auto user = users.take(kIdBytes)) device.users.push_back(*UserId::from(*user));
    if (!row.column_is_null(2)) device.channel_key = array_column<32>(row, 2);
    ByteReader bound(row.column_blob(3));
    while (const auto one = bound.take(kIdBytes + 64)) {
      device.bound.push_back({*UserId::from(one->first(kIdBytes)), *to_array<32>(one->subspan(kIdBytes, 32)), *to_array<32>(one->last(32))});
    }
    device.revoked = row.column_int(4) != 0;
    device.last_seen_ms = row.column_int(5);
    LANTAARN_ASSIGN(Detail detail, store_.open_detail({}, device.id.view(), row.column_blob(6)));
    device.name = std::move(detail.name);
    device.directives = std::move(detail.directives);
    device.terms = detail.terms;
    for (const auto& [ref, one] : chains) {
      if (one.first == device.id) device.logs.push_back(one.second);
    }
    devices.push_back(std::move(device));
    return {};
  }));
  return devices;
}

}  // namespace lantaarn::server
