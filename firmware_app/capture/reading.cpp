#include "firmware_app/capture/reading.hpp"

namespace lantaarn::firmware {

const std::string& RecordView::value(std::string_view field) const {
  static const std::string kNone;
  const auto found = fields.find(field);
  return found == fields.end() ? kNone : found->second;
}

void Reading::take(const model::Event& event, ByteView bytes, const journal::EntryView& entry) {
  switch (event.fact_case()) {
    case model::Event::kContactLogged: return take_contact(event, bytes, entry);
    case model::Event::kContactAmended: return take_amendment(event.contact_amended());
    case model::Event::kContactRetracted:
      if (auto* view = find(event.contact_retracted().contact())) view->retracted = true;
      return;
    case model::Event::kRecordAdded: return take_record(event.record_added(), model::event_id_of(bytes));
    case model::Event::kRecordChanged: return take_record_change(event.record_changed(), model::event_id_of(bytes));
    case model::Event::kRecordRetracted: return take_record_retraction(event.record_retracted().record());
    case model::Event::kFollowUpPlanned: {
      const auto& planned = event.follow_up_planned();
      found_.follow_ups.push_back({model::event_id_of(bytes), planned.client_id(), planned.due_date(), planned.text(), planned.kind()});
      return;
    }
    case model::Event::kFollowUpDone:
      if (const auto id = EventId::from(event.follow_up_done().follow_up())) found_.done.push_back(*id);
      return;
    case model::Event::kHeadCounted: found_.head_count += event.head_counted().delta(); return;
    default: return;
  }
}

ContactView* Reading::find(const std::string& contact) {
  const auto wanted = EventId::from(contact);
  const auto at = wanted ? places_.find(*wanted) : places_.end();
  return at == places_.end() ? nullptr : &found_.contacts[at->second];
}

void Reading::take_contact(const model::Event& event, ByteView bytes, const journal::EntryView& entry) {
  ContactView view;
  view.event = model::event_id_of(bytes);
  view.place = {entry.header.log, entry.header.seq};
  view.author = entry.header.author;
  view.round = RoundId::from(event.round_id());
  view.fields = model::fields_of(event.contact_logged());
  view.recorded_ms = event.recorded().wall_ms();
  view.clock = model::reading_of(event.recorded()).status;
  places_[view.event] = found_.contacts.size();
  found_.contacts.push_back(std::move(view));
}

void Reading::take_amendment(const model::pb::ContactAmended& amended) {
  auto* view = find(amended.contact());
  if (view == nullptr) return;
  view->amended = true;
  for (const auto& change : amended.changes()) view->fields[change.field()] = change.value();
}

void Reading::take_record(const model::pb::RecordAdded& added, const EventId& id) {
  RecordView view;
  view.record = id;
  view.kind = added.kind();
  view.client_id = added.client_id();
  for (const auto& field : added.fields()) view.fields[field.field()] = field.value();
  records_[id] = found_.records.size();
  found_.records.push_back(std::move(view));
}

void Reading::take_record_change(const model::pb::RecordChanged& changed, const EventId& id) {
  const auto record = EventId::from(changed.record());
  if (!record) return;
  RecordCorrections& corrections = found_.record_corrections[*record];
  corrections.changes.insert(id);
  const auto at = records_.find(*record);
  for (const auto& change : changed.changes()) {
    corrections.fields[change.field()] = change.value();
    if (at != records_.end()) found_.records[at->second].fields[change.field()] = change.value();
  }
  if (at != records_.end()) found_.records[at->second].amended = true;
}

void Reading::take_record_retraction(const std::string& record) {
  const auto id = EventId::from(record);
  if (!id) return;
  found_.record_corrections[*id].retracted = true;
  if (const auto at = records_.find(*id); at != records_.end()) found_.records[at->second].retracted = true;
}

}  // namespace lantaarn::firmware
