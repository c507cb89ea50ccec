#include "common/base/civil_time.hpp"
#include "common/model/record_input.hpp"
#include "firmware_app/capture/capture.hpp"
#include "firmware_app/capture/heads.hpp"

namespace lantaarn::firmware {

Result<SavedEvent> Capture::add_record(const RecordDraft& draft, const DraftChange& change) {
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(draft.kind));
  model::FieldValues values = draft.fields;
  const CivilDate today = date_in_amsterdam(clock_.now().wall_ms);
  if (today < kFirstDay && !values.contains(std::string(kind->day))) return refused("day_unknown");
  model::fill_defaults(*kind, today, values);
  LANTAARN_TRY(model::check_record(*kind, values));
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  auto* added = event.mutable_record_added();
  added->set_kind(draft.kind);
  if (draft.client) added->set_client_id(model::id_field(*draft.client));
  for (const auto& [field, value] : values) {
    if (value.empty()) continue;
    auto* stated = added->add_fields();
    stated->set_field(field);
    stated->set_value(value);
  }
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  pb::ContactHeads heads;
  heads.set_client_id(added->client_id());
  heads.set_kind(draft.kind);
  commit.companions.push_back(seal_heads(id.view(), user_, heads));
  if (change.finished) drop_with(commit, *change.finished);
  LANTAARN_TRY(note_visits(commit, draft.kind, id, values));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  if (change.finished) static_cast<void>(finish_closing(journal_));
  return SavedEvent{id, saved.front(), draft.client, {}};
}

const model::pb::CardRecord* Capture::card_record(const EventId& record, std::string* client) const {
  for (const CaseCard& card : cards_) {
    for (const auto& known : card.card.records()) {
      if (known.record() != model::id_field(record)) continue;
      if (client != nullptr) *client = card.card.client_id();
      return &known;
    }
  }
  return nullptr;
}

// An own record keeps its heads under its own id. What a colleague wrote is known by the card; each user of this handheld
// remembers under a key of her own what she changed of it.
Result<Capture::KnownRecord> Capture::known_record(const EventId& record) {
  KnownRecord known;
  std::string client;
  known.on_card = card_record(record, &client);
  for (const Bytes& key : {to_bytes(record.view()), key_of_own(user_.id, record.view())}) {
    known.companion_key = key;
    LANTAARN_ASSIGN(const auto stored, journal_.companion(kHeadsCompanion, key));
    auto heads = stored ? open_heads(user_.box, *stored) : std::nullopt;
    if (!heads || heads->kind().empty()) continue;
    known.heads = std::move(*heads);
    return known;
  }
  if (known.on_card == nullptr) return refused("record_not_found");
  known.heads.set_kind(known.on_card->kind());
  known.heads.set_client_id(client);
  known.heads.set_record(model::id_field(record));
  return known;
}

Result<Capture::NamedRecord> Capture::find_record(std::string_view hex) {
  LANTAARN_TRY(needs_lease());
  LANTAARN_ASSIGN(const std::string prefix, event_prefix(hex));
  std::vector<std::string> fitting;
  LANTAARN_ASSIGN(const auto stored, journal_.companions(kHeadsCompanion));
  for (const auto& companion : stored) {
    const std::string id = to_hex(companion.key);
    if (!id.starts_with(prefix)) continue;
    const auto heads = open_heads(user_.box, companion.value);
    // Under a key of her own: not an id of a record.
    if (heads && !heads->kind().empty() && heads->record().empty()) fitting.push_back(id);
  }
  for (const CaseCard& card : cards_) {
    for (const auto& record : card.card.records()) {
      const std::string id = to_hex(as_bytes(record.record()));
      if (id.starts_with(prefix)) fitting.push_back(id);
    }
  }
  LANTAARN_ASSIGN(const EventId id, only_event(std::move(fitting), "record_not_found", "record_ambiguous"));
  LANTAARN_ASSIGN(const KnownRecord known, known_record(id));
  return NamedRecord{id, known.heads.kind()};
}

// The rules between fields need all of them.
Status Capture::check_change(const EventId& record, const model::RecordKind& kind, const model::FieldValues& values) {
  LANTAARN_ASSIGN(const RecordList all, records());
  for (const RecordView& view : all.records) {
    if (view.record != record || view.stale) continue;
    model::FieldValues combined = view.fields;
    for (const auto& [field, value] : values) combined[field] = value;
    return model::check_record(kind, combined);
  }
  for (const auto& [field, value] : values) LANTAARN_TRY(model::check_record_field(kind, field, value));
  return {};
}

Result<SavedEvent> Capture::change_record(const EventId& record, const std::string& reason, const model::FieldValues& values) {
  LANTAARN_ASSIGN(KnownRecord known, known_record(record));
  if (known.heads.retracted()) return refused("record_retracted");
  if (values.empty()) return refused("nothing_changed");
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(known.heads.kind()));
  LANTAARN_TRY(check_change(record, *kind, values));
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  auto* changed = event.mutable_record_changed();
  changed->set_record(model::id_field(record));
  changed->set_kind(known.heads.kind());
  changed->set_reason(reason);
  std::map<std::string, std::vector<std::string>> seen;
  for (const auto& [field, value] : values) {
    seen[field] = heads_seen(known.heads, known.on_card == nullptr ? nullptr : &known.on_card->fields(), field, record);
    auto* change = changed->add_changes();
    change->set_field(field);
    change->set_value(value);
    for (const auto& head : seen[field]) change->add_heads(head);
  }
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  for (const auto& [field, replaced] : seen) note_change(known.heads, field, replaced, id);
  commit.companions.push_back(seal_heads(known.companion_key, user_, known.heads));
  LANTAARN_TRY(note_visits(commit, known.heads.kind(), record, values));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved.front(), ClientId::from(known.heads.client_id()), {}};
}

Result<SavedEvent> Capture::retract_record(const EventId& record, const std::string& reason) {
  LANTAARN_ASSIGN(KnownRecord known, known_record(record));
  if (known.heads.retracted()) return refused("record_retracted");
  LANTAARN_ASSIGN(Standing now, standing());
  model::Event event = new_event(now);
  event.mutable_record_retracted()->set_record(model::id_field(record));
  event.mutable_record_retracted()->set_reason(reason);
  Commit commit;
  LANTAARN_ASSIGN(const EventId id, add(commit, event));
  known.heads.set_retracted(true);
  commit.companions.push_back(seal_heads(known.companion_key, user_, known.heads));
  LANTAARN_ASSIGN(const auto tally, kept_tally(journal_, user_));
  if (tally && tally->record == record) commit.companions.push_back(removed_tally(user_));
  LANTAARN_ASSIGN(const auto saved, save(now, commit));
  return SavedEvent{id, saved.front(), ClientId::from(known.heads.client_id()), {}};
}

}  // namespace lantaarn::firmware
