#include "sync_server/merge/examine.hpp"

#include "common/base/civil_time.hpp"
#include "common/model/event.hpp"
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
  if (out.record.client) out.record.owner = out.record.client->bytes;
}

void about_contact(Examined& out, const std::string& raw) {
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
  about_contact(out, planned.contact());
  if (!planned.client_id().empty()) {
    about_client(out, planned.client_id());
    out.sealed_like.reset();
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

void place(Examined& out, const Event& event) {
  switch (event.fact_case()) {
    case Event::kClientAdded:
      about_client(out, event.client_added().client_id());
      return belongs_to(out, AggregateKind::kClient, event.client_added().client_id());
    case Event::kClientChanged:
      about_client(out, event.client_changed().client_id());
      return belongs_to(out, AggregateKind::kClient, event.client_changed().client_id());
    case Event::kContactLogged: return place_contact(out, event);
    case Event::kContactAmended:
      about_contact(out, event.contact_amended().contact());
      return belongs_to(out, AggregateKind::kContact, event.contact_amended().contact());
    case Event::kContactRetracted:
      about_contact(out, event.contact_retracted().contact());
      return belongs_to(out, AggregateKind::kContact, event.contact_retracted().contact());
    case Event::kFollowUpPlanned: return place_follow_up(out, event.follow_up_planned());
    case Event::kFollowUpDone: return belongs_to(out, AggregateKind::kFollowUp, event.follow_up_done().follow_up());
    case Event::kRoundStarted:
    case Event::kRoundEnded:
    case Event::kHeadCounted: return belongs_to(out, AggregateKind::kRound, event.round_id());
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
  if (event->fact_case() > newest_fact) event->clear_fact();
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

Examined examine(const StoredEntry& stored, const DeviceId& server, int newest_fact) {
  return examine({stored.place, stored.author, stored.received_ms, stored.verified, stored.place.device == server}, stored.bytes,
                 newest_fact);
}

}  // namespace lantaarn::server
