// Views, written.
#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/crypto/hash.hpp"
#include "sync_server/registry/sqlite/change.hpp"

namespace lantaarn::server {
namespace {

std::optional<ByteArray<kIdBytes>> id_value(const std::vector<FieldView>& fields, std::string_view field) {
  const auto raw = from_hex(value_of(fields, field));
  return raw ? to_array<kIdBytes>(*raw) : std::nullopt;
}

// A case is named by what it is about: the same two heads make the same case on every server.
ByteArray<kIdBytes> case_id(ByteView owner, const FieldView& field) {
  std::vector<EventId> heads;
  for (const FieldHead& head : field.heads) heads.push_back(head.from.event);
  std::sort(heads.begin(), heads.end());
  Bytes joined;
  for (const EventId& head : heads) append(joined, head.view());
  return crypto::blake2b_128({as_bytes("lantaarn review case v1"), owner, as_bytes(field.field), as_bytes("\0"), joined});
}

int shown_day(const ContactFold& contact) {
  return to_day_number(date_in_amsterdam(contact.repaired_at_ms.value_or(contact.occurred_at_ms)));
}

KeyOwner owner_of(const std::optional<ClientId>& client) { return client ? KeyOwner(client->bytes) : KeyOwner{}; }

}  // namespace

Status SqliteChange::clear_views() {
  counts_.clear();
  store_.client_changes.forget();
  return store_.database.execute(
      "DELETE FROM contact; DELETE FROM contact_count; DELETE FROM follow_up; DELETE FROM round; DELETE FROM record;"
      "DELETE FROM review_case; DELETE FROM kept_count; DELETE FROM last_spoken;"
      "UPDATE client SET added = 0, status = '', intensity = '', primary_contact = NULL, second_contact = NULL, box = NULL,"
      " cluster_ref = 0, since_day = NULL");
}

Status SqliteChange::put_cases(ByteView owner, OwnerKind kind, const std::vector<FieldView>& fields) {
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM review_case WHERE owner = $1 AND owner_kind = $2"));
  // A correction may name an id that is something else: what that one is stays.
  LANTAARN_TRY(remove->bind(1, owner).bind(2, static_cast<int>(kind)).run());
  LANTAARN_ASSIGN(auto insert, store_.statements.get("INSERT INTO review_case(owner, field, case_id, owner_kind) VALUES($1, $2, $3, $4)"));
  for (const FieldView& field : fields) {
    if (!field.contested()) continue;
    LANTAARN_TRY(insert->bind(1, owner).bind_text(2, field.field).bind(3, case_id(owner, field)).bind(4, static_cast<int>(kind)).run());
  }
  return {};
}

Status SqliteChange::put_client(const ClientFold& client) {
  store_.client_changes.note(client.id);
  LANTAARN_ASSIGN(const std::int64_t ref, store_.client_ref(client.id));
  LANTAARN_ASSIGN(const Bytes box, store_.seal_detail(owner_of(client.id), client.id.view(), {client.fields, client.aliases, "", "", {}}));
  const std::string& status = value_of(client.fields, "status");
  LANTAARN_ASSIGN(auto update, store_.statements.get(
      "UPDATE client SET added = $1, status = $2, intensity = $3, primary_contact = $4, second_contact = $5, box = $6, "
      "cluster_ref = $7, since_day = $8 WHERE client_ref = $9"));
  update->bind(1, client.added ? 1 : 0).bind_text(2, status.empty() ? "in_view" : status).bind_text(3, value_of(client.fields, "intensity"));
  const auto primary = id_value(client.fields, "primary_contact");
  const auto second = id_value(client.fields, "second_contact");
  bind_optional(*update, 4, primary ? std::optional<ByteView>(*primary) : std::nullopt);
  bind_optional(*update, 5, second ? std::optional<ByteView>(*second) : std::nullopt);
  const bool stands_for_herself = client.cluster == client.id;
  std::int64_t cluster_ref = 0;
  if (!stands_for_herself) {
    LANTAARN_ASSIGN(cluster_ref, store_.client_ref(client.cluster));
  }
  update->bind(6, box).bind(7, cluster_ref);
  bind_optional_int(*update, 8, client.since_day);
  LANTAARN_TRY(update->bind(9, ref).run());
  // What is contested is decided where she is read: with the one who stands for her.
  return put_cases(client.id.view(), OwnerKind::kClient, stands_for_herself ? client.fields : std::vector<FieldView>{});
}

Status SqliteChange::remove_client(const ClientId& client) {
  store_.client_changes.note(client);
  {
    LANTAARN_ASSIGN(const std::int64_t ref, store_.client_ref(client));
    LANTAARN_ASSIGN(auto update, store_.statements.get(
        "UPDATE client SET added = 0, status = '', intensity = '', primary_contact = NULL, second_contact = NULL, box = NULL, "
        "cluster_ref = 0, since_day = NULL WHERE client_ref = $1"));
    LANTAARN_TRY(update->bind(1, ref).run());
  }
  return put_cases(client.view(), OwnerKind::kClient, {});
}

Status SqliteChange::remove_contact_at(EntryRef anchor) {
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT day, channel, place_code, client_ref, retracted, counted FROM contact WHERE anchor = $1"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, anchor).step());
    if (!row) return {};
    if (find->column_int(3) != 0) spoken_with_.insert(find->column_int(3));
    if (find->column_int(4) == 0 && find->column_int(5) != 0) {
      --counts_[{find->column_int(0), find->column_text(1), find->column_text(2), find->column_int(3) == 0}];
    }
  }
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM contact WHERE anchor = $1"));
  return remove->bind(1, anchor).run();
}

Status SqliteChange::remove_contact(const EventId& contact) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(contact));
  if (anchor) LANTAARN_TRY(remove_contact_at(*anchor));
  return put_cases(contact.view(), OwnerKind::kContact, {});
}

Status SqliteChange::put_contact(const ContactFold& contact) {
  if (!contact.fresh) LANTAARN_TRY(remove_contact_at(contact.anchor));
  LANTAARN_ASSIGN(const std::int64_t client_ref, store_.client_ref(contact.client));
  const std::int64_t day = shown_day(contact);
  const bool spoken = contact.outcome == "spoken" && !contact.retracted;
  LANTAARN_ASSIGN(auto insert, store_.statements.get(
      "INSERT INTO contact(anchor, shown, client_ref, occurred_ms, repaired_ms, day, spoken, channel, place_code, outcome, minutes, "
      "indirect_minutes, retracted, box, counted) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)"));
  insert->bind(1, contact.anchor).bind(2, contact.shown).bind(3, client_ref).bind(4, contact.occurred_at_ms);
  bind_optional_int(*insert, 5, contact.repaired_at_ms);
  insert->bind(6, day).bind(7, spoken ? 1 : 0).bind_text(8, contact.channel).bind_text(9, contact.place);
  insert->bind_text(10, contact.outcome);
  bind_optional_int(*insert, 11, contact.minutes);
  bind_optional_int(*insert, 12, contact.indirect_minutes);
  insert->bind(13, contact.retracted ? 1 : 0);
  const bool as_logged = contact.fields.empty() && !contact.retracted;
  if (as_logged) {
    insert->bind_null(14);
  } else {
    LANTAARN_ASSIGN(const StoredEntry logged, store_.entry_at(contact.anchor));
    LANTAARN_ASSIGN(const Bytes box, store_.seal_detail(logged.owner, contact.id.view(), {contact.fields, {}, contact.retraction_reason, "", {}}));
    insert->bind(14, box);
  }
  LANTAARN_TRY(insert->run());
  if (spoken && client_ref != 0) spoken_with_.insert(client_ref);
  if (!contact.retracted) ++counts_[{day, contact.channel, contact.place, !contact.client}];
  // Nobody needs to choose between values of a contact that is taken back.
  if (contact.fresh) return {};
  return put_cases(contact.id.view(), OwnerKind::kContact, contact.retracted ? std::vector<FieldView>{} : contact.fields);
}

Status SqliteChange::flush_counts() {
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO contact_count(day, channel, place_code, unknown_person, contacts) VALUES($1, $2, $3, $4, $5) "
      "ON CONFLICT(day, channel, place_code, unknown_person) DO UPDATE SET contacts = contact_count.contacts + excluded.contacts"));
  for (const auto& [count, change] : counts_) {
    if (change == 0) continue;
    put->bind(1, count.day).bind_text(2, count.channel).bind_text(3, count.place).bind(4, count.unknown ? 1 : 0);
    LANTAARN_TRY(put->bind(5, change).run());
  }
  counts_.clear();
  return {};
}

Result<bool> SqliteChange::put_counted(const EventId& contact, bool counted) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(contact));
  if (!anchor) return false;
  bool retracted = false, was_counted = false;
  Count count;
  {
    LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT day, channel, place_code, client_ref, retracted, counted FROM contact WHERE anchor = $1"));
    LANTAARN_ASSIGN(const bool row, find->bind(1, *anchor).step());
    if (!row) return false;
    count = {find->column_int(0), find->column_text(1), find->column_text(2), find->column_int(3) == 0};
    retracted = find->column_int(4) != 0;
    was_counted = find->column_int(5) != 0;
  }
  if (was_counted == counted) return !retracted;
  LANTAARN_ASSIGN(auto update, store_.statements.get("UPDATE contact SET counted = $1 WHERE anchor = $2"));
  LANTAARN_TRY(update->bind(1, counted ? 1 : 0).bind(2, *anchor).run());
  if (!retracted) counts_[count] += counted ? 1 : -1;
  return !retracted;
}

Status SqliteChange::flush_last_spoken() {
  // A table of its own: in the client's row, beside her sealed names, it would rewrite all of them at every evening.
  LANTAARN_ASSIGN(auto find, store_.statements.get("SELECT max(day) FROM contact WHERE client_ref = $1 AND spoken = 1"));
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO last_spoken(client_ref, day) VALUES($1, $2) "
                                                  "ON CONFLICT(client_ref) DO UPDATE SET day = excluded.day"));
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM last_spoken WHERE client_ref = $1"));
  for (const std::int64_t client_ref : spoken_with_) {
    LANTAARN_ASSIGN(const bool row, find->bind(1, client_ref).step());
    const bool never = !row || find->column_is_null(0);
    const std::int64_t day = never ? 0 : find->column_int(0);
    find->reset();
    if (never) {
      LANTAARN_TRY(remove->bind(1, client_ref).run());
    } else {
      LANTAARN_TRY(put->bind(1, client_ref).bind(2, day).run());
    }
  }
  spoken_with_.clear();
  return {};
}

Status SqliteChange::put_kept(const EventId& erasure, const std::vector<KeptCount>& counts) {
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO kept_count(erasure, period, channel, contacts) VALUES($1, $2, $3, $4) "
                                                  "ON CONFLICT(erasure, period, channel) DO NOTHING"));
  for (const KeptCount& count : counts) {
    put->bind(1, erasure.view()).bind_text(2, count.period).bind_text(3, count.channel);
    LANTAARN_TRY(put->bind(4, static_cast<std::int64_t>(count.contacts)).run());
  }
  return {};
}

Status SqliteChange::put_follow_up(const FollowUpFold& follow_up) {
  LANTAARN_ASSIGN(const std::int64_t client_ref, store_.client_ref(follow_up.client));
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO follow_up(anchor, shown, client_ref, due_day, owner, done) VALUES($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT(anchor) DO UPDATE SET shown = excluded.shown, client_ref = excluded.client_ref, due_day = excluded.due_day, "
      "owner = excluded.owner, done = excluded.done"));
  put->bind(1, follow_up.anchor).bind(2, follow_up.shown).bind(3, client_ref).bind(4, follow_up.due_day);
  bind_optional_id(*put, 5, follow_up.owner);
  return put->bind(6, follow_up.done ? 1 : 0).run();
}

Status SqliteChange::remove_follow_up(const EventId& follow_up) {
  LANTAARN_ASSIGN(const auto anchor, store_.anchor_of(follow_up));
  if (!anchor) return {};
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM follow_up WHERE anchor = $1"));
  return remove->bind(1, *anchor).run();
}

Status SqliteChange::put_round(const Round& round) {
  std::string places;
  for (const auto& place : round.places) places += (places.empty() ? "" : ",") + place;
  LANTAARN_ASSIGN(const Bytes box, store_.seal_detail({}, round.id.view(), {{}, {}, "", "", round.colleagues}));
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO round(round_id, owner, places, started_ms, ended_ms, head_count, box) VALUES($1, $2, $3, $4, $5, $6, $7) "
      "ON CONFLICT(round_id) DO UPDATE SET owner = excluded.owner, places = excluded.places, started_ms = excluded.started_ms, "
      "ended_ms = excluded.ended_ms, head_count = excluded.head_count, box = excluded.box"));
  put->bind(1, round.id.view());
  bind_optional_id(*put, 2, round.owner);
  put->bind_text(3, places);
  bind_optional_int(*put, 4, round.started_ms);
  bind_optional_int(*put, 5, round.ended_ms);
  return put->bind(6, round.head_count).bind(7, box).run();
}

Status SqliteChange::remove_round(const RoundId& round) {
  LANTAARN_ASSIGN(auto remove, store_.statements.get("DELETE FROM round WHERE round_id = $1"));
  return remove->bind(1, round.view()).run();
}

Status SqliteChange::put_user(const UserView& user) {
  LANTAARN_ASSIGN(const Bytes box, store_.seal_detail({}, user.id.view(), {{}, {}, "", user.name, {}}));
  LANTAARN_ASSIGN(auto put, store_.statements.get("INSERT INTO staff(user_id, role, box) VALUES($1, $2, $3) "
                                                  "ON CONFLICT(user_id) DO UPDATE SET role = excluded.role, box = excluded.box"));
  return put->bind(1, user.id.view()).bind_text(2, user.role).bind(3, box).run();
}

Status SqliteChange::put_device(const DeviceView& device) {
  Bytes users;
  for (const UserId& user : device.users) append(users, user.view());
  Bytes bound;
  for (const BoundUser& one : device.bound) {
    append(bound, one.user.view());
    append(bound, one.box_key);
    append(bound, one.verify_key);
  }
  LANTAARN_ASSIGN(const Bytes box, store_.seal_detail({}, device.id.view(), {{}, {}, "", device.name, {}, device.directives, device.terms}));
  LANTAARN_ASSIGN(auto put, store_.statements.get(
      "INSERT INTO device(device_id, users, channel_key, bound, revoked, box) VALUES($1, $2, $3, $4, $5, $6) "
      "ON CONFLICT(device_id) DO UPDATE SET users = excluded.users, channel_key = excluded.channel_key, bound = excluded.bound, "
      "revoked = excluded.revoked, box = excluded.box"));
  put->bind(1, device.id.view()).bind(2, users);
  bind_optional(*put, 3, device.channel_key ? std::optional<ByteView>(*device.channel_key) : std::nullopt);
  return put->bind(4, bound).bind(5, device.revoked ? 1 : 0).bind(6, box).run();
}

}  // namespace lantaarn::server
