#include "sync_server/merge/fold.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

#include "common/base/civil_time.hpp"
#include "common/model/event.hpp"
#include "common/model/fields.hpp"
#include "sync_server/merge/heads.hpp"

namespace lantaarn::server {
namespace {

using model::Event;

auto order_of(const EntryPlace& place) { return std::tie(place.log, place.seq, place.hash, place.device); }
auto order_of(const KnownEvent& event) { return std::tuple(event.shown->clock_ok, event.shown->recorded_ms, event.id); }

Event decoded(const KnownEvent& event) {
  auto read = model::decode_event(event.shown->bytes);
  return read.ok() ? std::move(*read) : Event{};
}

Provenance provenance_of(const KnownEvent& event) {
  const StoredEntry& entry = *event.shown;
  return {event.id, entry.author, entry.place.device, entry.recorded_ms, entry.clock_ok};
}

template <typename Changes>
void add_changes(std::vector<FieldSaying>& sayings, const KnownEvent& event, const Changes& changes) {
  for (const auto& change : changes) {
    FieldSaying saying{change.field(), {provenance_of(event), change.value(), change.effective_date()}, {}, event.admitted};
    for (const auto& head : change.heads()) {
      if (const auto id = EventId::from(head)) saying.seen.push_back(*id);
    }
    sayings.push_back(std::move(saying));
  }
}

std::optional<std::uint32_t> number(const std::string& text) {
  std::uint32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void take_fields(ContactFold& fold) {
  const auto value = [&](std::string_view field) -> const std::string& { return value_of(fold.fields, field); };
  fold.client = ClientId::parse_hex(value("client"));
  fold.channel = value("channel");
  fold.place = value("place");
  fold.outcome = value("outcome");
  fold.minutes = number(value("minutes"));
  fold.indirect_minutes = number(value("indirect_minutes"));
  // As logged unless somebody corrected it: the text cannot say what an absurd clock said.
  for (const FieldView& field : fold.fields) {
    if (field.field != "occurred_at" || field.heads.front().from.event == fold.id) continue;
    fold.occurred_at_ms = parse_rfc3339(field.value()).value_or(fold.occurred_at_ms);
  }
}

}  // namespace

std::vector<KnownEvent> known_events(const std::vector<StoredEntry>& entries) {
  std::map<EventId, KnownEvent> events;
  std::map<EventId, EntryRef> anchors;
  for (const StoredEntry& entry : entries) {
    // A view hangs on the event's first entry, even one whose author did not fit.
    if (entry.first) anchors[entry.event] = entry.ref;
    if (entry.verdict != Admission::kAdmitted) continue;
    KnownEvent& event = events[entry.event];
    event.id = entry.event;
    const bool admitted = entry.admission == Admission::kAdmitted;
    const bool better = event.shown == nullptr || (admitted && !event.admitted) ||
                        (admitted == event.admitted && order_of(entry.place) < order_of(event.shown->place));
    if (better) event.shown = &entry;
    event.admitted = event.admitted || admitted;
  }
  std::vector<KnownEvent> list;
  for (auto& [id, event] : events) {
    event.anchor = anchors[id];
    list.push_back(event);
  }
  return list;
}

ClientFold fold_client(const ClientId& id, const std::vector<KnownEvent>& events) {
  ClientFold fold;
  fold.id = fold.cluster = id;
  std::vector<FieldSaying> sayings;
  std::vector<std::pair<std::tuple<bool, std::int64_t, EventId>, std::string>> aliases;
  for (const KnownEvent& known : events) {
    const Event event = decoded(known);
    if (event.has_client_added()) {
      add_changes(sayings, known, event.client_added().fields());
      if (!known.admitted) continue;
      fold.added = true;
      const int day = to_day_number(date_in_amsterdam(known.shown->recorded_ms));
      fold.since_day = std::min(fold.since_day.value_or(day), day);
      aliases.emplace_back(order_of(known), event.client_added().alias());
    } else if (event.has_client_changed()) {
      add_changes(sayings, known, event.client_changed().changes());
    } else if (event.has_client_named() && known.admitted) {
      aliases.emplace_back(order_of(known), event.client_named().alias());
    }
  }
  std::sort(aliases.begin(), aliases.end());
  for (auto& [order, alias] : aliases) {
    if (std::find(fold.aliases.begin(), fold.aliases.end(), alias) == fold.aliases.end()) fold.aliases.push_back(std::move(alias));
  }
  fold.fields = fold_fields(sayings);
  return fold;
}

std::optional<ContactFold> fold_contact(const EventId& id, const std::vector<KnownEvent>& events) {
  std::optional<ContactFold> fold;
  std::vector<FieldSaying> sayings;
  bool amended = false;
  const KnownEvent* retraction = nullptr;
  for (const KnownEvent& known : events) {
    const Event event = decoded(known);
    if (event.has_contact_logged() && known.id == id) {
      if (!known.admitted) return std::nullopt;
      fold = contact_as_logged(id, event);
      fold->anchor = known.anchor;
      fold->shown = known.shown->ref;
      for (auto& [field, value] : model::fields_of(event.contact_logged())) {
        sayings.push_back({field, {provenance_of(known), value, ""}, {}, true});
      }
    } else if (event.has_contact_amended()) {
      amended = amended || known.admitted;
      add_changes(sayings, known, event.contact_amended().changes());
    } else if (event.has_contact_retracted() && known.admitted) {
      if (retraction == nullptr || order_of(*retraction) < order_of(known)) retraction = &known;
    }
  }
  if (!fold) return std::nullopt;
  if (amended) {
    fold->fields = fold_fields(sayings);
    take_fields(*fold);
  }
  if (retraction != nullptr) {
    fold->retracted = true;
    fold->retraction_reason = decoded(*retraction).contact_retracted().reason();
  }
  return fold;
}

namespace {

// A record of a kind this program does not know waits, whatever corrects it.
const KnownEvent* find_added(const EventId& id, const std::vector<KnownEvent>& events) {
  for (const KnownEvent& known : events) {
    if (known.id == id && known.admitted && known.shown->kind == Event::kRecordAdded) return &known;
  }
  return nullptr;
}

}  // namespace

std::optional<RecordFold> fold_record(const EventId& id, const std::vector<KnownEvent>& events) {
  const KnownEvent* added = find_added(id, events);
  if (added == nullptr) return std::nullopt;
  const Event first = decoded(*added);
  RecordFold fold = record_as_added(id, first);
  fold.anchor = added->anchor;
  fold.shown = added->shown->ref;
  std::vector<FieldSaying> sayings;
  add_changes(sayings, *added, first.record_added().fields());
  bool changed = false;
  const KnownEvent* retraction = nullptr;
  for (const KnownEvent& known : events) {
    const Event event = decoded(known);
    if (event.has_record_changed() && event.record_changed().kind() == fold.kind) {
      changed = changed || known.admitted;
      add_changes(sayings, known, event.record_changed().changes());
    } else if (event.has_record_retracted() && known.admitted) {
      if (retraction == nullptr || order_of(*retraction) < order_of(known)) retraction = &known;
    }
  }
  if (changed) {
    fold.fields = fold_fields(sayings);
    fold.clear = clear_values(fold.kind, [&](std::string_view field) { return value_of(fold.fields, field); });
  }
  if (retraction != nullptr) {
    fold.retracted = true;
    fold.retraction_reason = decoded(*retraction).record_retracted().reason();
  }
  return fold;
}

std::optional<FollowUpFold> fold_follow_up(const EventId& id, const std::vector<KnownEvent>& events) {
  std::optional<FollowUpFold> fold;
  bool done = false;
  for (const KnownEvent& known : events) {
    if (!known.admitted) continue;
    const Event event = decoded(known);
    done = done || event.has_follow_up_done();
    if (!event.has_follow_up_planned() || known.id != id) continue;
    const auto& planned = event.follow_up_planned();
    const auto due = parse_date(planned.due_date());
    fold = FollowUpFold{id, known.anchor, known.shown->ref, false, ClientId::from(planned.client_id()), due ? to_day_number(*due) : 0,
                        UserId::from(planned.owner()), false};
  }
  if (fold) fold->done = done;
  return fold;
}

std::optional<Round> fold_round(const RoundId& id, const std::vector<KnownEvent>& events) {
  Round round;
  round.id = id;
  bool any = false;
  const KnownEvent* started = nullptr;
  const KnownEvent* ended = nullptr;
  for (const KnownEvent& known : events) {
    if (!known.admitted) continue;
    const Event event = decoded(known);
    any = true;
    if (event.has_round_started() && (started == nullptr || order_of(known) < order_of(*started))) started = &known;
    if (event.has_round_ended() && (ended == nullptr || order_of(known) < order_of(*ended))) ended = &known;
    if (event.has_head_counted()) round.head_count += event.head_counted().delta();
  }
  if (!any) return std::nullopt;
  if (started != nullptr) {
    const Event event = decoded(*started);
    round.owner = started->shown->author;
    round.started_ms = started->shown->recorded_ms;
    round.places.assign(event.round_started().places().begin(), event.round_started().places().end());
    round.colleagues.assign(event.round_started().colleagues().begin(), event.round_started().colleagues().end());
  }
  if (ended != nullptr) round.ended_ms = ended->shown->recorded_ms;
  return round;
}

}  // namespace lantaarn::server
