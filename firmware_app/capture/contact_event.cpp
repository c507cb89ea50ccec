#include "firmware_app/capture/contact_event.hpp"

#include <algorithm>

#include "common/base/civil_time.hpp"

namespace lantaarn::firmware {
namespace {

Status check_line(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    // U+0080 … U+009F are C2 80 … C2 9F in UTF-8.
    const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || c1) return refused("text_control");
  }
  return {};
}

Status check_note(std::string_view text) {
  std::string rest(text);
  std::erase_if(rest, [](char c) { return c == '\n' || c == '\t' || c == '\r'; });
  return check_line(rest);
}

Status check_change(const model::pb::FieldChange& change) {
  return change.field() == "note" ? check_note(change.value()) : check_line(change.value());
}

Status set_list(std::string_view kind, const std::vector<std::string>& given, google::protobuf::RepeatedPtrField<std::string>& list) {
  LANTAARN_ASSIGN(const std::string joined, model::join_codes(kind, given));
  for (auto& code : model::split_codes(joined)) *list.Add() = std::move(code);
  return {};
}

}  // namespace

Status fill_contact(const ContactDraft& draft, const std::optional<ClientId>& client, const ClockReading& now,
                    model::pb::ContactLogged& contact) {
  if (client) contact.set_client_id(model::id_field(*client));
  if (const auto* unknown = std::get_if<UnknownPerson>(&draft.who)) contact.set_description(unknown->description);
  contact.set_occurred_at_ms(draft.occurred_at_ms.value_or(now.wall_ms));
  contact.set_channel(draft.channel);
  contact.set_place(draft.place);
  contact.set_outcome(draft.outcome);
  LANTAARN_TRY(set_list("topic", draft.topics, *contact.mutable_topics()));
  LANTAARN_TRY(set_list("area", draft.areas, *contact.mutable_areas()));
  if (draft.minutes) contact.set_minutes(*draft.minutes);
  if (draft.indirect_minutes) contact.set_indirect_minutes(*draft.indirect_minutes);
  contact.set_note(draft.note);
  return {};
}

Result<model::FieldValues> changed_fields(const ContactChanges& changes, const std::optional<ClientId>& client) {
  model::FieldValues values;
  if (changes.who) {
    values["client"] = client ? client->hex() : "";
    const auto* unknown = std::get_if<UnknownPerson>(&*changes.who);
    values["description"] = unknown != nullptr ? unknown->description : "";
  }
  if (changes.occurred_at_ms) values["occurred_at"] = to_rfc3339(*changes.occurred_at_ms);
  const auto copy = [&](const char* field, const std::optional<std::string>& value) {
    if (value) values[field] = *value;
  };
  copy("channel", changes.channel);
  copy("place", changes.place);
  copy("outcome", changes.outcome);
  copy("minutes", changes.minutes);
  copy("indirect_minutes", changes.indirect_minutes);
  copy("note", changes.note);
  if (changes.topics) {
    LANTAARN_ASSIGN(values["topics"], model::join_codes("topic", *changes.topics));
  }
  if (changes.areas) {
    LANTAARN_ASSIGN(values["areas"], model::join_codes("area", *changes.areas));
  }
  return values;
}

Status check_lines(const model::Event& event) {
  for (const auto& name : event.round_started().colleagues()) LANTAARN_TRY(check_line(name));
  LANTAARN_TRY(check_line(event.client_added().alias()));
  LANTAARN_TRY(check_line(event.contact_logged().description()));
  LANTAARN_TRY(check_note(event.contact_logged().note()));
  LANTAARN_TRY(check_line(event.contact_amended().reason()));
  for (const auto& change : event.contact_amended().changes()) LANTAARN_TRY(check_change(change));
  LANTAARN_TRY(check_line(event.contact_retracted().reason()));
  LANTAARN_TRY(check_line(event.client_named().alias()));
  LANTAARN_TRY(check_line(event.client_changed().reason()));
  for (const auto& change : event.client_changed().changes()) LANTAARN_TRY(check_line(change.value()));
  for (const auto& field : event.record_added().fields()) LANTAARN_TRY(check_line(field.value()));
  LANTAARN_TRY(check_line(event.record_changed().reason()));
  for (const auto& change : event.record_changed().changes()) LANTAARN_TRY(check_line(change.value()));
  LANTAARN_TRY(check_line(event.record_retracted().reason()));
  return check_line(event.follow_up_planned().text());
}

}  // namespace lantaarn::firmware
