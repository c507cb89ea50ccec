// Between two values of a field that nobody saw together: one is chosen, or both are put into one. The change names every
// head it settles, and is refused when there are others by then.
#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "common/model/record_input.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

Result<const FieldView*> contested_field(const std::vector<FieldView>& fields, const Arguments& arguments) {
  const std::string name = arguments.one("field");
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldView& view) { return view.field == name; });
  if (found == fields.end() || found->heads.size() < 2) return refused("nothing_changed");
  std::set<std::string> standing, seen;
  for (const FieldHead& head : found->heads) standing.insert(head.from.event.hex());
  for (const auto& head : arguments.all("heads")) seen.insert(head);
  if (standing != seen) return refused("choice_outdated");
  return &*found;
}

// As of when: what the chosen value said of itself; a new one holds from today.
void fill(model::pb::FieldChange& change, const Context& context, const FieldView& field, const std::string& value) {
  change.set_field(field.field);
  change.set_value(value);
  for (const FieldHead& head : field.heads) change.add_heads(model::id_field(head.from.event));
  const auto chosen = std::find_if(field.heads.begin(), field.heads.end(), [&](const FieldHead& head) { return head.value == value; });
  if (chosen != field.heads.end()) {
    change.set_effective_date(chosen->effective_date);
  } else if (!field.heads.front().effective_date.empty()) {
    change.set_effective_date(context.today());
  }
}

bool is_others_to_say(const Context& context, std::string_view field) {
  return context.opens != Opens::kAllRecords && (field == "primary_contact" || field == "second_contact" || field == "client");
}

Result<std::optional<ClientId>> choose_client(Context& context, const Arguments& arguments, model::Event& event) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("owner")));
  LANTAARN_ASSIGN(const FieldView* field, contested_field(client.fields, arguments));
  auto& changed = *event.mutable_client_changed();
  changed.set_client_id(model::id_field(client.id));
  changed.set_reason(context.reason);
  fill(*changed.add_changes(), context, *field, arguments.one("value"));
  return std::optional(client.id);
}

// Whom a contact is about may be corrected to whom she may see, or to nobody who is known.
Status check_client_value(Context& context, const Arguments& arguments) {
  const std::string value = arguments.one("value");
  if (arguments.one("field") != "client" || value.empty()) return {};
  LANTAARN_TRY(find_visible_client(context, value));
  return {};
}

Result<std::optional<ClientId>> choose_contact(Context& context, const Arguments& arguments, model::Event& event) {
  const auto id = EventId::parse_hex(arguments.one("owner"));
  if (!id) return refused("id_invalid");
  LANTAARN_ASSIGN(const auto contact, context.registry.contact(*id));
  if (!contact) return refused("event_unknown");
  if (contact->client) {
    LANTAARN_ASSIGN(const auto client, visible_client(context, *contact->client));
    if (!client) return refused("event_unknown");
  } else if (context.opens != Opens::kAllRecords || context.let_in) {
    return refused("event_unknown");
  }
  if (contact->retracted) return refused("nothing_changed");
  LANTAARN_ASSIGN(const FieldView* field, contested_field(contact->fields, arguments));
  LANTAARN_TRY(check_client_value(context, arguments));
  auto& amended = *event.mutable_contact_amended();
  amended.set_contact(model::id_field(contact->id));
  amended.set_reason(context.reason);
  fill(*amended.add_changes(), context, *field, arguments.one("value"));
  return contact->client;
}

Result<std::optional<ClientId>> choose_record(Context& context, const Arguments& arguments, model::Event& event) {
  LANTAARN_ASSIGN(const Record record, find_record(context, arguments.one("owner")));
  if (record.retracted) return refused("record_retracted");
  LANTAARN_ASSIGN(const FieldView* field, contested_field(record.fields, arguments));
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(record.kind));
  model::FieldValues values = values_of(record);
  values[field->field] = arguments.one("value");
  LANTAARN_TRY(model::check_record(*kind, values));
  auto& changed = *event.mutable_record_changed();
  changed.set_record(model::id_field(record.id));
  changed.set_kind(record.kind);
  changed.set_reason(context.reason);
  fill(*changed.add_changes(), context, *field, arguments.one("value"));
  return record.client;
}

}  // namespace

Answer choose_value(Context& context, const Arguments& arguments) {
  if (is_others_to_say(context, arguments.one("field"))) return refused("role_not_allowed");
  model::Event event = context.new_event();
  const std::string kind = arguments.one("owner_kind");
  std::optional<ClientId> client;
  if (kind == "client") {
    LANTAARN_ASSIGN(client, choose_client(context, arguments, event));
  } else if (kind == "contact") {
    LANTAARN_ASSIGN(client, choose_contact(context, arguments, event));
  } else if (kind == "record") {
    LANTAARN_ASSIGN(client, choose_record(context, arguments, event));
  } else {
    return refused("usage", {"client | contact | record"});
  }
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  LANTAARN_TRY(directory->own_codes().check_offered(event));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"event_id", events.front().hex()}}, {}, client};
}

}  // namespace lantaarn::server::admin
