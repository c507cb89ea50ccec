#include "sync_server/admin/records.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/model/record_input.hpp"
#include "sync_server/admin/budget.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

// An id, or the beginning of one, as the range of ids that begin so.
std::optional<std::pair<EventId, EventId>> range_of(std::string typed) {
  if (typed.size() < kIdPrefixMin || typed.size() > 2 * kIdBytes) return std::nullopt;
  const auto first = EventId::parse_hex(typed + std::string(2 * kIdBytes - typed.size(), '0'));
  const auto last = EventId::parse_hex(typed + std::string(2 * kIdBytes - typed.size(), 'f'));
  if (!first || !last) return std::nullopt;
  return std::pair(*first, *last);
}

Result<Record> record_from(Registry& registry, const std::string& typed) {
  const auto range = range_of(typed);
  if (!range) return refused("id_invalid");
  LANTAARN_ASSIGN(const auto ids, registry.events_between(model::Event::kRecordAdded, range->first, range->second));
  if (ids.size() > 1) {
    std::string list;
    for (const EventId& id : ids) list += (list.empty() ? "" : ", ") + id.hex();
    return refused("record_ambiguous", {list});
  }
  if (ids.empty()) return refused("record_not_found");
  LANTAARN_ASSIGN(auto found, registry.record(ids.front()));
  if (!found) return refused("record_not_found");
  return std::move(*found);
}

std::vector<std::string> words_of(const Arguments& arguments) { return arguments.all("fields"); }

Result<std::optional<ClientId>> client_of(Context& context, const model::RecordKind& kind, const Arguments& arguments) {
  if (!arguments.has("client")) {
    if (kind.about == model::About::kClient) return refused("client_needed");
    return std::optional<ClientId>{};
  }
  if (kind.about == model::About::kProgramme) return refused("client_not_named_here");
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  return std::optional(client.id);
}

// What is new in the changes, naming the heads that were seen.
void add_changes(model::pb::RecordChanged& changed, const Record& record, const model::FieldValues& typed) {
  for (const auto& [name, value] : typed) {
    const auto now = std::find_if(record.fields.begin(), record.fields.end(), [&field = name](const FieldView& view) { return view.field == field; });
    const bool stands = now != record.fields.end();
    if (stands ? now->value() == value && now->heads.size() == 1 : value.empty()) continue;
    auto* change = changed.add_changes();
    change->set_field(name);
    change->set_value(value);
    for (std::size_t i = 0; stands && i < now->heads.size(); ++i) change->add_heads(model::id_field(now->heads[i].from.event));
  }
}

// A customer's own code must be one that exists.
Status check_offered(Context& context, const model::Event& event) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  return directory->own_codes().check_offered(event);
}

Output told(const Record& record, const EventId& event) {
  return Output{json::object{{"record_id", record.id.hex()}, {"event_id", event.hex()}, {"kind", record.kind}}, {}, record.client};
}

}  // namespace

Result<std::string> rule_of(Context& context, const Arguments& arguments) {
  const std::string& command = arguments.command;
  if (command == "device breach-sheet") {
    const bool counts = context.person && (context.person->role == "administrator" || context.person->role == "data_protection_officer");
    return counts ? command + " counted" : command;
  }
  const bool adds = command == "record add";
  if (adds || command == "records") {
    const std::string typed = arguments.one("kind");
    if (typed.empty()) return command;
    LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(typed));
    const bool names_her = kind->about == model::About::kClient || (kind->about == model::About::kEither && (!adds || arguments.has("client")));
    return names_her ? command : command + " programme";
  }
  if (command == "record change" || command == "record retract") {
    LANTAARN_ASSIGN(const Record record, record_from(context.registry, arguments.one("record")));
    return record.client ? command : command + " programme";
  }
  return command;
}

Result<Record> find_record(Context& context, const std::string& typed) {
  LANTAARN_ASSIGN(Record record, record_from(context.registry, typed));
  if (!record.client) return record;
  LANTAARN_ASSIGN(const auto client, visible_client(context, *record.client));
  // As if it were not there: who may not see her learns nothing.
  if (!client) return refused("record_not_found");
  return record;
}

Answer add_record(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(arguments.one("kind")));
  LANTAARN_ASSIGN(const auto client, client_of(context, *kind, arguments));
  LANTAARN_ASSIGN(auto values, model::typed_fields(*kind, words_of(arguments)));
  model::fill_defaults(*kind, date_in_amsterdam(context.clock.now().wall_ms), values);
  LANTAARN_TRY(model::check_record(*kind, values));
  if (kind->kind == "budget_spending") LANTAARN_TRY(check_budget(context.registry, values));
  model::Event event = context.new_event();
  auto& added = *event.mutable_record_added();
  added.set_kind(std::string(kind->kind));
  if (client) added.set_client_id(model::id_field(*client));
  for (const auto& [name, value] : values) {
    auto* field = added.add_fields();
    field->set_field(name);
    field->set_value(value);
  }
  LANTAARN_TRY(check_offered(context, event));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  Record record;
  record.id = events.front();
  record.kind = kind->kind;
  record.client = client;
  return told(record, events.front());
}

Answer change_record(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Record record, find_record(context, arguments.one("record")));
  if (record.retracted) return refused("record_retracted");
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(record.kind));
  LANTAARN_ASSIGN(const auto typed, model::typed_fields(*kind, words_of(arguments)));
  model::FieldValues values = values_of(record);
  for (const auto& [name, value] : typed) values[name] = value;
  LANTAARN_TRY(model::check_record(*kind, values));
  model::Event event = context.new_event();
  auto& changed = *event.mutable_record_changed();
  changed.set_record(model::id_field(record.id));
  changed.set_kind(record.kind);
  changed.set_reason(context.reason);
  add_changes(changed, record, typed);
  if (changed.changes().empty()) return refused("nothing_changed");
  LANTAARN_TRY(check_offered(context, event));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return told(record, events.front());
}

Answer retract_record(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Record record, find_record(context, arguments.one("record")));
  if (record.retracted) return refused("record_retracted");
  model::Event event = context.new_event();
  event.mutable_record_retracted()->set_record(model::id_field(record.id));
  event.mutable_record_retracted()->set_reason(context.reason);
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return told(record, events.front());
}

Answer list_records(Context& context, const Arguments& arguments) {
  RecordFilter filter;
  filter.kind = arguments.one("kind");
  filter.from_date = arguments.one("from");
  filter.through_date = arguments.one("through");
  filter.with_retracted = arguments.has("retracted");
  std::vector<Client> clients;
  if (arguments.has("client")) {
    LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
    filter.client = client.id;
    clients.push_back(client);
  } else if (context.opens == Opens::kOwnRecords) {
    LANTAARN_ASSIGN(clients, visible_clients(context));
  }
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  LANTAARN_ASSIGN(const auto tariffs, time_out_tariffs(context.registry));
  json::array documents;
  LANTAARN_TRY(context.registry.records(filter, [&](const Record& record) -> Status {
    // Without a person nothing about a woman is shown.
    const bool shown = !record.client || may_see(context, clients, *record.client);
    if (shown) documents.push_back(record_document(record, names, context.today(), tariffs));
    return {};
  }));
  return Output{std::move(documents), {}, filter.client};
}

Answer escalation_message(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Record record, find_record(context, arguments.one("record")));
  if (record.kind != "escalation") return refused("record_not_found");
  const auto values = values_of(record);
  const auto value = [&](const char* field) -> json::value {
    const auto found = values.find(field);
    if (found == values.end() || found->second.empty()) return nullptr;
    return json::value(found->second);
  };
  // The minimum: one case, one question, until when. No name, no dossier, no other date.
  return Output{json::object{{"case", record.id.hex().substr(0, 8)},
                             {"to", value("to")},
                             {"question", value("question")},
                             {"date", value("date")},
                             {"ends", value("ends")},
                             {"told", value("told")}},
                {},
                record.client};
}

}  // namespace lantaarn::server::admin
