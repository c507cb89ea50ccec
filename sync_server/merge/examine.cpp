#include "sync_server/merge/examine.hpp"

#include <charconv>

#include "common/base/civil_time.hpp"
#include "common/model/event.hpp"
#include "common/model/record_kinds.hpp"
#include "common/model/validate.hpp"

namespace lantaarn::server {
namespace {

using model::Event;

std::optional<AggregateId> id_of(const std::string& raw) { return to_array<kIdBytes>(as_bytes(raw)); }

Admission verdict_of(const Event& event, const EntryContext& context) {
  if (!context.own && event.author() != to_string(context.author.view())) return Admission::kAuthorMismatch;
  if (!context.own && model::is_server_fact(event)) return Admission::kServerFact;
  return model::validate_event(event).ok() ? Admission::kAdmitted : Admission::kEventInvalid;
}

// The fact belongs to another aggregate than itself.
void belongs_to(Examined& out, AggregateKind kind, const std::string& raw) {
  const auto id = id_of(raw);
  if (!id) return;
  out.touches.push_back({kind, *id});
  out.record.links.push_back(*id);
}

void about_client(Examined& out, const std::string& raw) {
  out.record.client = ClientId::from(raw);
  if (!out.record.client) return;
  out.record.owner = out.record.client->bytes;
  out.names.push_back(*out.record.client);
}

// A correction, or what follows from another event.
void about_event(Examined& out, const std::string& raw) {
  const auto id = id_of(raw);
  if (!id) return;
  out.sealed_like = EventId{*id};
  out.record.owner = *id;
}

void place_contact(Examined& out, const Event& event) {
  out.record.owner = out.record.event.bytes;  // an unknown person's contact has a key of its own
  about_client(out, event.contact_logged().client_id());
  out.touches.push_back({AggregateKind::kContact, out.record.event.bytes});
  out.contact = contact_as_logged(out.record.event, event);
}

void place_follow_up(Examined& out, const model::pb::FollowUpPlanned& planned) {
  about_event(out, planned.contact());
  if (!planned.client_id().empty()) {
    about_client(out, planned.client_id());
    out.sealed_like.reset();
  } else if (out.sealed_like) {
    out.record.links.push_back(out.sealed_like->bytes);  // goes with its contact
  }
  out.touches.push_back({AggregateKind::kFollowUp, out.record.event.bytes});
  const auto due = parse_date(planned.due_date());
  FollowUpFold fold;
  fold.id = out.record.event;
  fold.client = out.record.client;
  fold.due_day = due ? to_day_number(*due) : 0;
  fold.owner = UserId::from(planned.owner());
  out.follow_up = fold;
}

void place_amendment(Examined& out, const model::pb::ContactAmended& amended) {
  about_event(out, amended.contact());
  for (const auto& change : amended.changes()) {
    if (change.field() != "client") continue;
    const auto client = ClientId::parse_hex(change.value());
    if (!client) continue;
    out.names.push_back(*client);
    out.record.links.push_back(client->bytes);  // to be found again when she is erased
  }
  belongs_to(out, AggregateKind::kContact, amended.contact());
}

void place_record(Examined& out, const Event& event) {
  about_client(out, event.record_added().client_id());
  out.touches.push_back({AggregateKind::kRecord, out.record.event.bytes});
  out.added_record = record_as_added(out.record.event, event);
}

// A record of a kind that only a newer program knows is, to this one, a fact it does not know.
bool is_of_unknown_kind(const Event& event) {
  if (event.has_record_added()) return model::find_record_kind(event.record_added().kind()) == nullptr;
  return event.has_record_changed() && model::find_record_kind(event.record_changed().kind()) == nullptr;
}

std::optional<int> day_in(const std::string& text) {
  const auto date = parse_date(text);
  return date ? std::optional(to_day_number(*date)) : std::nullopt;
}

void place(Examined& out, const Event& event) {
  switch (event.fact_case()) {
    case Event::kClientAdded:
      about_client(out, event.client_added().client_id());
      return belongs_to(out, AggregateKind::kClient, event.client_added().client_id());
    case Event::kClientChanged:
      about_client(out, event.client_changed().client_id());
      return belongs_to(out, AggregateKind::kClient, event.client_changed().client_id());
    case Event::kClientNamed:
      about_client(out, event.client_named().client_id());
      return belongs_to(out, AggregateKind::kClient, event.client_named().client_id());
    case Event::kContactLogged: return place_contact(out, event);
    case Event::kContactAmended: return place_amendment(out, event.contact_amended());
    case Event::kContactRetracted:
      about_event(out, event.contact_retracted().contact());
      return belongs_to(out, AggregateKind::kContact, event.contact_retracted().contact());
    case Event::kContactsShared:
      for (const auto& contact : event.contacts_shared().contacts()) belongs_to(out, AggregateKind::kContact, contact);
      return;
    case Event::kContactsKeptApart: {
      const auto& apart = event.contacts_kept_apart();
      for (const auto& contact : {apart.first(), apart.second()}) belongs_to(out, AggregateKind::kContact, contact);
      return;
    }
    case Event::kRecordAdded: return place_record(out, event);
    case Event::kRecordChanged:
      about_event(out, event.record_changed().record());
      return belongs_to(out, AggregateKind::kRecord, event.record_changed().record());
    case Event::kRecordRetracted:
      about_event(out, event.record_retracted().record());
      return belongs_to(out, AggregateKind::kRecord, event.record_retracted().record());
    case Event::kFollowUpPlanned: return place_follow_up(out, event.follow_up_planned());
    case Event::kFollowUpDone: return belongs_to(out, AggregateKind::kFollowUp, event.follow_up_done().follow_up());
    case Event::kRoundStarted:
    case Event::kRoundEnded:
    case Event::kHeadCounted: return belongs_to(out, AggregateKind::kRound, event.round_id());
    case Event::kDeviceUnlocked:
      // Somebody was made to: found again by the handheld it happened on.
      if (event.device_unlocked().duress()) out.record.links.push_back(out.record.place.device.bytes);
      return;
    case Event::kClockObserved: {
      // Found again by the boot it speaks of.
      if (const auto boot = id_of(event.clock_observed().boot_id())) out.record.links.push_back(*boot);
      return;
    }
    default: return;
  }
}

}  // namespace

ContactFold contact_as_logged(const EventId& id, const model::pb::Event& event) {
  const auto& logged = event.contact_logged();
  ContactFold fold;
  fold.id = id;
  fold.client = ClientId::from(logged.client_id());
  fold.occurred_at_ms = logged.occurred_at_ms();
  fold.channel = logged.channel();
  fold.place = logged.place();
  fold.outcome = logged.outcome();
  if (logged.has_minutes()) fold.minutes = logged.minutes();
  if (logged.has_indirect_minutes()) fold.indirect_minutes = logged.indirect_minutes();
  return fold;
}

ClearValues clear_values(std::string_view kind, const std::function<std::string(std::string_view)>& value_of_field) {
  ClearValues clear;
  const model::RecordKind* known = model::find_record_kind(kind);
  if (known == nullptr) return clear;
  const auto value = [&](std::string_view field) { return field.empty() ? std::string() : value_of_field(field); };
  clear.day = day_in(value(known->day));
  clear.until = day_in(value(known->until));
  clear.code = value(known->code);
  clear.subcode = value(known->subcode);
  const std::string amount = value(known->amount);
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(amount.data(), amount.data() + amount.size(), number);
  if (!amount.empty() && problem == std::errc{} && end == amount.data() + amount.size()) clear.amount = number;
  return clear;
}

RecordFold record_as_added(const EventId& id, const model::pb::Event& event) {
  const auto& added = event.record_added();
  RecordFold fold;
  fold.id = id;
  fold.kind = added.kind();
  fold.client = ClientId::from(added.client_id());
  fold.clear = clear_values(added.kind(), [&](std::string_view name) {
    std::string value;
    for (const auto& field : added.fields()) {
      if (field.field() == name) value = field.value();
    }
    return value;
  });
  return fold;
}

Examined examine(const EntryContext& context, Bytes event_bytes, int newest_fact) {
  Examined out;
  EntryRecord& record = out.record;
  record.place = context.place;
  record.author = context.author;
  record.received_ms = context.received_ms;
  record.verified = context.verified;
  record.event = model::event_id_of(event_bytes);
  record.bytes = std::move(event_bytes);
  auto event = model::decode_event(record.bytes);
  if (!event.ok()) {
    record.verdict = Admission::kEventUnreadable;
    return out;
  }
  // The server's own log speaks for whoever decided.
  if (context.own) record.author = UserId::from(event->author()).value_or(context.author);
  if (event->fact_case() > newest_fact || is_of_unknown_kind(*event)) event->clear_fact();
  record.kind = static_cast<int>(event->fact_case());
  const ClockReading clock = model::reading_of(event->recorded());
  record.recorded_ms = clock.wall_ms;
  record.clock_ok = clock.status == ClockStatus::kOk;
  record.boot_id = clock.boot_id;
  out.monotonic_ms = clock.monotonic_ms;
  record.verdict = verdict_of(*event, context);
  place(out, *event);
  return out;
}

Examined examine(const StoredEntry& stored, bool own, int newest_fact) {
  return examine({stored.place, stored.author, stored.received_ms, stored.verified, own}, stored.bytes, newest_fact);
}

}  // namespace lantaarn::server
