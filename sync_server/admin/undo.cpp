// A decision taken back: what it said holds no longer, and what it settled is open again. The decision itself stays where it
// stands; another fact cancels it.
#include <algorithm>
#include <boost/json.hpp>

#include "common/model/fields.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/decisions.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/merge/own_log.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using model::Event;

// What one event said about a field.
struct Said {
  std::string value, effective_date;
};

template <typename Changes>
std::optional<Said> said_in(const Changes& changes, const std::string& field) {
  std::optional<Said> said;
  for (const auto& change : changes) {
    if (change.field() == field) said = Said{change.value(), change.effective_date()};
  }
  return said;
}

std::optional<Said> said_by(const Event& event, const std::string& field) {
  switch (event.fact_case()) {
    case Event::kClientAdded: return said_in(event.client_added().fields(), field);
    case Event::kClientChanged: return said_in(event.client_changed().changes(), field);
    case Event::kContactAmended: return said_in(event.contact_amended().changes(), field);
    case Event::kRecordAdded: return said_in(event.record_added().fields(), field);
    case Event::kRecordChanged: return said_in(event.record_changed().changes(), field);
    case Event::kContactLogged: {
      const auto values = model::fields_of(event.contact_logged());
      const auto found = values.find(field);
      return found == values.end() ? std::nullopt : std::optional(Said{found->second, ""});
    }
    default: return std::nullopt;
  }
}

// The fact that a choice is, without its changes: to say something more about the same.
Event same_owner(const Context& context, const Decision& decision) {
  Event event = context.new_event();
  if (decision.event.has_client_changed()) {
    event.mutable_client_changed()->set_client_id(decision.event.client_changed().client_id());
    event.mutable_client_changed()->set_reason(context.reason);
  } else if (decision.event.has_contact_amended()) {
    event.mutable_contact_amended()->set_contact(decision.event.contact_amended().contact());
    event.mutable_contact_amended()->set_reason(context.reason);
  } else {
    event.mutable_record_changed()->set_record(decision.event.record_changed().record());
    event.mutable_record_changed()->set_kind(decision.event.record_changed().kind());
    event.mutable_record_changed()->set_reason(context.reason);
  }
  return event;
}

model::pb::FieldChange& change_of(Event& event) {
  if (event.has_client_changed()) return *event.mutable_client_changed()->add_changes();
  if (event.has_contact_amended()) return *event.mutable_contact_amended()->add_changes();
  return *event.mutable_record_changed()->add_changes();
}

Result<std::optional<StoredEntry>> entry_of(Registry& registry, const EventId& id) {
  LANTAARN_ASSIGN(auto entries, registry.entries_of(id.bytes));
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const StoredEntry& one) { return one.event == id && one.first; });
  return found == entries.end() ? std::optional<StoredEntry>{} : std::optional(std::move(*found));
}

// Each value that was settled is said again, by somebody who has seen the choice and not the other value: open as before.
Result<std::vector<Event>> reopened(Context& context, const Decision& decision) {
  std::vector<Event> events;
  LANTAARN_ASSIGN(const auto chosen, chosen_in(context, decision));
  if (!chosen) return events;
  for (const EventId& head : chosen->settled) {
    LANTAARN_ASSIGN(const auto entry, entry_of(context.registry, head));
    if (!entry) continue;
    LANTAARN_ASSIGN(const Event event, model::decode_event(entry->bytes));
    const auto said = said_by(event, chosen->field);
    if (!said) continue;
    events.push_back(same_owner(context, decision));
    model::pb::FieldChange& change = change_of(events.back());
    change.set_field(chosen->field);
    change.set_value(said->value);
    change.set_effective_date(said->effective_date);
    change.add_heads(model::id_field(decision.id));
  }
  return events;
}

Result<std::vector<Event>> taken_back(Context& context, const Decision& decision) {
  const Event& said = decision.event;
  if (decision.what == "chosen") return reopened(context, decision);
  Event event = context.new_event();
  if (said.has_clients_linked() || said.has_clients_unlinked()) {
    event.mutable_clients_unlinked()->add_edges(model::id_field(decision.id));
    event.mutable_clients_unlinked()->set_reason(context.reason);
    return std::vector<Event>{event};
  }
  auto& apart = *event.mutable_contacts_kept_apart();
  apart.set_reason(context.reason);
  apart.add_cancels(model::id_field(decision.id));
  const bool shared = said.has_contacts_shared();
  apart.set_first(shared ? said.contacts_shared().contacts(0) : said.contacts_kept_apart().first());
  apart.set_second(shared ? said.contacts_shared().contacts(1) : said.contacts_kept_apart().second());
  return std::vector<Event>{event};
}

template <typename Changes>
std::optional<Chosen> settled_in(const Changes& changes) {
  for (const auto& change : changes) {
    if (change.heads_size() < 2) continue;
    Chosen chosen{change.field(), {}, {}};
    for (const auto& head : change.heads()) chosen.settled.push_back(EventId::from(head).value_or(EventId{}));
    return chosen;
  }
  return std::nullopt;
}

Result<std::vector<FieldView>> fields_now(Context& context, const Event& event) {
  std::vector<FieldView> fields;
  if (event.has_client_changed()) {
    const auto id = ClientId::from(event.client_changed().client_id()).value_or(ClientId{});
    LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
    LANTAARN_ASSIGN(auto client, context.registry.client(directory->clusters().head_of(id)));
    if (client) fields = std::move(client->fields);
  } else if (event.has_contact_amended()) {
    LANTAARN_ASSIGN(auto contact, context.registry.contact(EventId::from(event.contact_amended().contact()).value_or(EventId{})));
    if (contact && !contact->retracted) fields = std::move(contact->fields);
  } else {
    LANTAARN_ASSIGN(auto record, context.registry.record(EventId::from(event.record_changed().record()).value_or(EventId{})));
    if (record && !record->retracted) fields = std::move(record->fields);
  }
  return fields;
}

}  // namespace

const FieldView* Chosen::now() const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const FieldView& view) { return view.field == field; });
  return found == fields.end() ? nullptr : &*found;
}

Result<std::optional<Chosen>> chosen_in(Context& context, const Decision& decision) {
  const Event& event = decision.event;
  auto chosen = event.has_client_changed()    ? settled_in(event.client_changed().changes())
                : event.has_contact_amended() ? settled_in(event.contact_amended().changes())
                                              : settled_in(event.record_changed().changes());
  if (!chosen) return std::optional<Chosen>{};
  LANTAARN_ASSIGN(chosen->fields, fields_now(context, event));
  return chosen;
}

Result<bool> can_undo(Context& context, const Decision& decision) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  const Event& event = decision.event;
  if (event.has_clients_linked() || event.has_clients_unlinked()) return directory->clusters().holds(decision.id);
  if (event.has_contacts_shared()) return directory->conversations().holds(decision.id);
  // What took another one back cannot be taken back again: the pair is looked at anew.
  if (event.has_contacts_kept_apart()) return decision.what == "contacts_apart" && directory->conversations().holds(decision.id);
  if (decision.what != "chosen") return false;  // what was admitted stays
  LANTAARN_ASSIGN(const auto chosen, chosen_in(context, decision));
  const FieldView* now = chosen ? chosen->now() : nullptr;
  return now != nullptr && now->heads.size() == 1 && now->heads.front().from.event == decision.id;
}

Answer undo_decision(Context& context, const Arguments& arguments) {
  const auto id = EventId::parse_hex(arguments.one("event_id"));
  if (!id) return refused("id_invalid");
  LANTAARN_ASSIGN(const auto entry, entry_of(context.registry, *id));
  const bool is_own = entry && entry->place.device == device_of(context.keys.server.id) && entry->admission == Admission::kAdmitted;
  if (!is_own) return refused("decision_not_found");
  LANTAARN_ASSIGN(const auto decision, decision_in(context, *entry));
  if (!decision) return refused("decision_not_found");
  const auto& clients = decision->clients;
  if (std::any_of(clients.begin(), clients.end(), [&](const ClientId& one) { return !may_see(context, {}, one); })) {
    return refused("decision_not_found");
  }
  LANTAARN_ASSIGN(const bool undoes, can_undo(context, *decision));
  if (!undoes) return refused("not_undoable");
  LANTAARN_ASSIGN(const auto facts, taken_back(context, *decision));
  if (facts.empty()) return refused("not_undoable");
  LANTAARN_ASSIGN(const auto events, context.record(facts));
  return Output{json::object{{"event_id", events.front().hex()}, {"undone", decision->id.hex()}}, {}};
}

}  // namespace lantaarn::server::admin
