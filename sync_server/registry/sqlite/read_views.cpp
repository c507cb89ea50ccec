// Views, read: clients, contacts, follow-ups, rounds.
#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/model/fields.hpp"
#include "sync_server/registry/sqlite/registry.hpp"

namespace lantaarn::server {
namespace {

constexpr std::string_view kClientById =
    "SELECT client_ref, client_id, added, status, intensity, primary_contact, second_contact, box, cluster_ref FROM client WHERE client_id = $1";
constexpr std::string_view kClients =
    "SELECT client_ref, client_id, added, status, intensity, primary_contact, second_contact, box, cluster_ref FROM client ORDER BY client_id";
constexpr std::string_view kClientsOf =
    "SELECT client_ref, client_id, added, status, intensity, primary_contact, second_contact, box, cluster_ref FROM client "
    "WHERE (primary_contact = $1 OR second_contact = $1) AND added = 1 AND cluster_ref = 0 ORDER BY client_id";
#define LANTAARN_CONTACT_COLUMNS                                                                                      \
  "SELECT anchor, shown, client_ref, occurred_ms, repaired_ms, channel, place_code, outcome, minutes, "              \
  "indirect_minutes, retracted, box, counted FROM contact "

template <typename T>
std::optional<T> optional_int(const database::Statement& row, int column) {
  if (row.column_is_null(column)) return std::nullopt;
  return static_cast<T>(row.column_int(column));
}

Result<int> day_of(std::string_view date, int when_empty) {
  if (date.empty()) return when_empty;
  const auto parsed = parse_date(date);
  if (!parsed) return refused("date_invalid");
  return to_day_number(*parsed);
}

}  // namespace

Result<std::string> SqliteRegistry::last_spoken(std::int64_t client_ref) {
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT max(day) FROM contact WHERE " LANTAARN_OF_CLUSTER "AND spoken = 1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, client_ref).step());
  if (!row || find->column_is_null(0)) return std::string();
  return to_string(from_day_number(static_cast<int>(find->column_int(0))));
}

Result<Client> SqliteRegistry::read_client(const database::Statement& row) {
  Client client;
  LANTAARN_ASSIGN(client.id, id_column<ClientId>(row, 1));
  client.added = row.column_int(2) != 0;
  client.status = row.column_text(3);
  client.intensity = row.column_text(4);
  if (!row.column_is_null(5)) client.primary_contact = UserId::from(row.column_blob(5));
  if (!row.column_is_null(6)) client.second_contact = UserId::from(row.column_blob(6));
  if (!row.column_is_null(7)) {
    LANTAARN_ASSIGN(Detail detail, store_.open_detail(client.id.bytes, client.id.view(), row.column_blob(7)));
    client.fields = std::move(detail.fields);
    client.aliases = std::move(detail.aliases);
  }
  client.cluster = client.id;
  if (row.column_int(8) != 0) {
    LANTAARN_ASSIGN(const auto cluster, store_.client_at(row.column_int(8)));
    client.cluster = cluster.value_or(client.id);
  }
  LANTAARN_ASSIGN(client.last_spoken_date, last_spoken(row.column_int(0)));
  return client;
}

Status SqliteRegistry::clients(const Visit<Client>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(kClients));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(const Client client, read_client(row));
    return visit(client);
  });
}

Result<std::optional<Client>> SqliteRegistry::client(const ClientId& id) {
  LANTAARN_ASSIGN(auto find, store_.statements.get(kClientById));
  LANTAARN_ASSIGN(const bool row, find->bind(1, id.view()).step());
  if (!row) return std::optional<Client>{};
  LANTAARN_ASSIGN(auto found, read_client(*find));
  return std::optional(std::move(found));
}

Result<std::vector<Client>> SqliteRegistry::clients_of(const UserId& user) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get(kClientsOf));
  rows->bind(1, user.view());
  std::vector<Client> found;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(auto one, read_client(row));
    found.push_back(std::move(one));
    return {};
  }));
  return found;
}

Result<Contact> SqliteRegistry::read_contact(const database::Statement& row) {
  Contact contact;
  LANTAARN_ASSIGN(const StoredEntry logged, store_.entry_at(row.column_int(0)));
  StoredEntry shown = logged;
  if (row.column_int(1) != logged.ref) {
    LANTAARN_ASSIGN(shown, store_.entry_at(row.column_int(1)));
  }
  contact.id = logged.event;
  LANTAARN_ASSIGN(contact.client, store_.client_at(row.column_int(2)));
  contact.occurred_at_ms = row.column_int(3);
  contact.repaired_at_ms = optional_int<std::int64_t>(row, 4);
  contact.channel = row.column_text(5);
  contact.place = row.column_text(6);
  contact.outcome = row.column_text(7);
  contact.minutes = optional_int<std::uint32_t>(row, 8);
  contact.indirect_minutes = optional_int<std::uint32_t>(row, 9);
  contact.retracted = row.column_int(10) != 0;
  contact.counted = row.column_int(12) != 0;
  if (!row.column_is_null(11)) {
    LANTAARN_ASSIGN(Detail detail, store_.open_detail(logged.owner, contact.id.view(), row.column_blob(11)));
    contact.fields = std::move(detail.fields);
    contact.retraction_reason = std::move(detail.retraction_reason);
  }
  contact.amended = !contact.fields.empty();
  if (!contact.amended) {
    LANTAARN_ASSIGN(contact.fields, fields_as_logged(shown));
  }
  fill_contact_texts(contact);
  contact.author = shown.author;
  contact.entry = shown.place;
  contact.recorded_ms = shown.recorded_ms;
  contact.received_ms = shown.received_ms;
  LANTAARN_ASSIGN(contact.round_id, round_of(shown));
  return contact;
}

Status SqliteRegistry::contacts(const ContactFilter& filter, const Visit<Contact>& visit) {
  if (!filter.client) {
    LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_CONTACT_COLUMNS "ORDER BY anchor"));
    return for_each_row(*rows, [&](const database::Statement& row) -> Status {
      if (!filter.with_retracted && row.column_int(10) != 0) return {};
      LANTAARN_ASSIGN(const Contact contact, read_contact(row));
      return visit(contact);
    });
  }
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(*filter.client));
  if (ref == 0) return {};
  LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_CONTACT_COLUMNS "WHERE " LANTAARN_OF_CLUSTER));
  rows->bind(1, ref);
  std::vector<Contact> found;
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    if (!filter.with_retracted && row.column_int(10) != 0) return {};
    LANTAARN_ASSIGN(Contact contact, read_contact(row));
    found.push_back(std::move(contact));
    return {};
  }));
  std::sort(found.begin(), found.end(), [](const Contact& a, const Contact& b) {
    return std::pair(a.shown_at_ms(), a.id) < std::pair(b.shown_at_ms(), b.id);
  });
  for (const Contact& one : found) LANTAARN_TRY(visit(one));
  return {};
}

Result<std::optional<Contact>> SqliteRegistry::contact(const EventId& id) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(id));
  if (!anchor) return std::optional<Contact>{};
  LANTAARN_ASSIGN(auto find, store_.statements.get(LANTAARN_CONTACT_COLUMNS "WHERE anchor = $1"));
  LANTAARN_ASSIGN(const bool row, find->bind(1, *anchor).step());
  if (!row) return std::optional<Contact>{};
  LANTAARN_ASSIGN(auto found, read_contact(*find));
  return std::optional(std::move(found));
}

Result<std::vector<Contact>> SqliteRegistry::own_contacts(const ClientId& client, const UserId& author, std::string_view since_date) {
  std::vector<Contact> found;
  LANTAARN_ASSIGN(const std::int64_t ref, store_.known_client_ref(client));
  if (ref == 0) return found;
  LANTAARN_ASSIGN(const int since, day_of(since_date, 0));
  LANTAARN_ASSIGN(auto rows, store_.statements.get(LANTAARN_CONTACT_COLUMNS
      "WHERE " LANTAARN_OF_CLUSTER "AND spoken IN (0, 1) AND day >= $2 AND retracted = 0 ORDER BY anchor"));
  rows->bind(1, ref).bind(2, since);
  LANTAARN_TRY(for_each_row(*rows, [&](const database::Statement& row) -> Status {
    LANTAARN_ASSIGN(Contact contact, read_contact(row));
    if (contact.author == author) found.push_back(std::move(contact));
    return {};
  }));
  return found;
}

Result<FollowUp> SqliteRegistry::read_follow_up(const database::Statement& row) {
  FollowUp follow_up;
  LANTAARN_ASSIGN(const StoredEntry shown, store_.entry_at(row.column_int(1)));
  follow_up.id = shown.event;
  LANTAARN_ASSIGN(follow_up.client, store_.client_at(row.column_int(2)));
  LANTAARN_TRY(read_follow_up_texts(shown, follow_up));
  follow_up.due_date = to_string(from_day_number(static_cast<int>(row.column_int(3))));
  if (!row.column_is_null(4)) follow_up.owner = UserId::from(row.column_blob(4));
  follow_up.author = shown.author;
  follow_up.done = row.column_int(5) != 0;
  return follow_up;
}

Status SqliteRegistry::follow_ups(const std::optional<ClientId>& client, bool with_done, const Visit<FollowUp>& visit) {
  std::int64_t ref = 0;
  if (client) {
    LANTAARN_ASSIGN(ref, store_.known_client_ref(*client));
    if (ref == 0) return {};
  }
  LANTAARN_ASSIGN(auto rows, store_.statements.get(
      client      ? std::string_view("SELECT anchor, shown, client_ref, due_day, owner, done FROM follow_up "
                                     "WHERE client_ref <> 0 AND " LANTAARN_OF_CLUSTER "ORDER BY due_day, anchor")
      : with_done ? std::string_view("SELECT anchor, shown, client_ref, due_day, owner, done FROM follow_up ORDER BY due_day, anchor")
                  : std::string_view("SELECT anchor, shown, client_ref, due_day, owner, done FROM follow_up "
                                     "WHERE done = 0 ORDER BY due_day, anchor")));
  if (client) rows->bind(1, ref);
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    if (!with_done && row.column_int(5) != 0) return {};
    LANTAARN_ASSIGN(const FollowUp follow_up, read_follow_up(row));
    return visit(follow_up);
  });
}

Status SqliteRegistry::rounds(const Visit<Round>& visit) {
  LANTAARN_ASSIGN(auto rows, store_.statements.get("SELECT round_id, owner, places, started_ms, ended_ms, head_count, box FROM round "
                                                   "ORDER BY round_id"));
  return for_each_row(*rows, [&](const database::Statement& row) -> Status {
    Round round;
    LANTAARN_ASSIGN(round.id, id_column<RoundId>(row, 0));
    if (!row.column_is_null(1)) round.owner = UserId::from(row.column_blob(1));
    round.places = model::split_codes(row.column_text(2));
    round.started_ms = optional_int<std::int64_t>(row, 3);
    round.ended_ms = optional_int<std::int64_t>(row, 4);
    round.head_count = row.column_int(5);
    LANTAARN_ASSIGN(Detail detail, store_.open_detail({}, round.id.view(), row.column_blob(6)));
    round.colleagues = std::move(detail.colleagues);
    return visit(round);
  });
}

}  // namespace lantaarn::server
