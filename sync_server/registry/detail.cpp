#include "sync_server/registry/detail.hpp"

#include <map>

#include "common/model/event.hpp"
#include "common/model/fields.hpp"
#include "sync_server/registry/detail.pb.h"

namespace lantaarn::server {
namespace {

template <typename IdType>
IdType id_or_zero(const std::string& raw) {
  return IdType::from(raw).value_or(IdType{});
}

FieldHead read_head(const detail::Head& head) {
  return {{id_or_zero<EventId>(head.event()), id_or_zero<UserId>(head.author()), id_or_zero<DeviceId>(head.device()),
           head.recorded_ms(), head.clock_ok()},
          head.value(),
          head.effective_date()};
}

void write_head(detail::Head& out, const FieldHead& head) {
  out.set_event(to_string(head.from.event.view()));
  out.set_author(to_string(head.from.author.view()));
  out.set_device(to_string(head.from.device.view()));
  out.set_recorded_ms(head.from.recorded_ms);
  out.set_clock_ok(head.from.clock_ok);
  out.set_value(head.value);
  out.set_effective_date(head.effective_date);
}

void write_directive(detail::Directive& out, const DirectiveView& directive) {
  out.set_id(to_string(directive.id.view()));
  out.set_directive(directive.directive);
  if (directive.user) out.set_user(to_string(directive.user->view()));
  out.set_given_by(to_string(directive.given_by.view()));
  out.set_given_ms(directive.given_ms);
  out.set_carried_out_ms(directive.carried_out_ms);
  out.set_lifted(directive.lifted);
}

DirectiveView read_directive(const detail::Directive& in) {
  return {id_or_zero<EventId>(in.id()), in.directive(), UserId::from(in.user()), id_or_zero<UserId>(in.given_by()),
          in.given_ms(), in.carried_out_ms(), in.lifted()};
}

void write_terms(detail::Terms& out, const DeviceTerms& terms) {
  out.set_lease_days(terms.lease_days);
  out.set_lease_boots(terms.lease_boots);
  out.set_strict(terms.strict);
  out.set_duress_pin(terms.duress_pin);
  out.set_wrong_pins_max(terms.wrong_pins_max);
}

DeviceTerms read_terms(const detail::Terms& in) {
  return {in.lease_days(), in.lease_boots(), in.strict(), in.duress_pin(), in.wrong_pins_max()};
}

}  // namespace

Bytes encode_detail(const Detail& detail) {
  detail::Detail out;
  for (const FieldView& field : detail.fields) {
    auto* to = out.add_fields();
    to->set_field(field.field);
    for (const FieldHead& head : field.heads) write_head(*to->add_heads(), head);
  }
  for (const auto& alias : detail.aliases) out.add_aliases(alias);
  out.set_retraction_reason(detail.retraction_reason);
  out.set_name(detail.name);
  for (const auto& colleague : detail.colleagues) out.add_colleagues(colleague);
  for (const auto& directive : detail.directives) write_directive(*out.add_directives(), directive);
  if (detail.terms != DeviceTerms{}) write_terms(*out.mutable_terms(), detail.terms);
  Bytes bytes(out.ByteSizeLong());
  out.SerializeWithCachedSizesToArray(bytes.data());
  return bytes;
}

Result<Detail> decode_detail(ByteView bytes) {
  detail::Detail in;
  if (!in.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return corrupt("record_unreadable");
  Detail detail;
  for (const auto& field : in.fields()) {
    if (field.heads().empty()) return corrupt("record_unreadable");
    FieldView view{field.field(), {}};
    for (const auto& head : field.heads()) view.heads.push_back(read_head(head));
    detail.fields.push_back(std::move(view));
  }
  detail.aliases.assign(in.aliases().begin(), in.aliases().end());
  detail.retraction_reason = in.retraction_reason();
  detail.name = in.name();
  detail.colleagues.assign(in.colleagues().begin(), in.colleagues().end());
  for (const auto& directive : in.directives()) detail.directives.push_back(read_directive(directive));
  if (in.has_terms()) detail.terms = read_terms(in.terms());
  return detail;
}

void fill_contact_texts(Contact& contact) {
  contact.topics = model::split_codes(value_of(contact.fields, "topics"));
  contact.areas = model::split_codes(value_of(contact.fields, "areas"));
  contact.note = value_of(contact.fields, "note");
  contact.description = value_of(contact.fields, "description");
}

Result<std::vector<FieldView>> fields_as_logged(const StoredEntry& logged) {
  LANTAARN_ASSIGN(const model::Event event, model::decode_event(logged.bytes));
  const Provenance from{logged.event, logged.author, logged.place.device, logged.recorded_ms, logged.clock_ok};
  std::vector<FieldView> fields;
  for (auto& [field, value] : model::fields_of(event.contact_logged())) fields.push_back({field, {{from, value, ""}}});
  return fields;
}

Status read_follow_up_texts(const StoredEntry& planned, FollowUp& follow_up) {
  LANTAARN_ASSIGN(const model::Event event, model::decode_event(planned.bytes));
  follow_up.contact = EventId::from(event.follow_up_planned().contact());
  follow_up.text = event.follow_up_planned().text();
  follow_up.kind = event.follow_up_planned().kind().empty() ? "ordinary" : event.follow_up_planned().kind();
  return {};
}

Result<std::vector<FieldView>> record_fields_as_added(const StoredEntry& added) {
  LANTAARN_ASSIGN(const model::Event event, model::decode_event(added.bytes));
  const Provenance from{added.event, added.author, added.place.device, added.recorded_ms, added.clock_ok};
  std::map<std::string, FieldView> fields;  // in alphabetical order, as fold_fields has them
  for (const auto& field : event.record_added().fields()) {
    fields[field.field()] = {field.field(), {{from, field.value(), field.effective_date()}}};
  }
  std::vector<FieldView> views;
  for (auto& [name, view] : fields) views.push_back(std::move(view));
  return views;
}

Result<std::string> round_of(const StoredEntry& logged) {
  LANTAARN_ASSIGN(const model::Event event, model::decode_event(logged.bytes));
  return to_hex(as_bytes(event.round_id()));
}

}  // namespace lantaarn::server
