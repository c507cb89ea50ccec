#include <algorithm>
#include <boost/json.hpp>

#include "common/base/civil_time.hpp"
#include "common/crypto/random.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

struct FieldFlag {
  const char* flag;
  const char* field;
};
constexpr FieldFlag kFieldFlags[] = {
    {"status", "status"},       {"closed-reason", "closed_reason"}, {"intensity", "intensity"}, {"safe-contact", "safe_contact"},
    {"primary", "primary_contact"}, {"second", "second_contact"},       {"given-names", "given_names"}, {"family-names", "family_names"},
    {"birth-year", "birth_year"},   {"birth-month", "birth_month"},     {"birth-day", "birth_day"}};
// How to reach her (safe_contact) names nobody.
bool names_user(std::string_view field) { return field == "primary_contact" || field == "second_contact"; }

constexpr const char* kNobody = "-";  ///< as a flag's value: not stated any more

Result<std::string> field_value(Registry& registry, const FieldFlag& flag, const std::string& typed) {
  if (typed == kNobody) return std::string();
  if (!names_user(flag.field)) return typed;
  LANTAARN_ASSIGN(const UserView user, find_user(registry, typed));
  return user.id.hex();
}

// What was typed, as field changes that name no heads yet.
Result<std::vector<model::pb::FieldChange>> typed_changes(Context& context, const Arguments& arguments) {
  const std::string from = arguments.has("from") ? arguments.one("from") : context.today();
  if (!parse_date(from)) return refused("date_invalid");
  std::vector<model::pb::FieldChange> changes;
  for (const auto& flag : kFieldFlags) {
    if (!arguments.has(flag.flag)) continue;
    model::pb::FieldChange change;
    change.set_field(flag.field);
    LANTAARN_ASSIGN(*change.mutable_value(), field_value(context.registry, flag, arguments.one(flag.flag)));
    change.set_effective_date(from);
    changes.push_back(std::move(change));
  }
  return changes;
}

const FieldView* field_of(const Client& client, std::string_view field) {
  const auto found = std::find_if(client.fields.begin(), client.fields.end(), [&](const FieldView& view) { return view.field == field; });
  return found == client.fields.end() ? nullptr : &*found;
}

// True when the change says something new, or settles what is contested; it then names what it saw.
bool name_heads(const Client& client, model::pb::FieldChange& change) {
  const FieldView* now = field_of(client, change.field());
  if (now == nullptr) return !change.value().empty();
  for (const auto& head : now->heads) change.add_heads(model::id_field(head.from.event));
  return now->value() != change.value() || now->heads.size() > 1;
}

// A case manager takes women into her own caseload; who else looks after whom is the coordinator's to say.
Status check_own(const Context& context, const std::vector<model::pb::FieldChange>& changes, bool is_new) {
  if (context.opens == Opens::kAllRecords) return {};
  bool names_her = false;
  for (const auto& change : changes) {
    if (!names_user(change.field())) continue;
    if (!is_new) return refused("role_not_allowed");
    names_her = names_her || change.value() == context.person->id.hex();
  }
  if (is_new && !names_her) return refused("role_not_allowed");
  return {};
}

bool has_alias(const Client& client, const std::string& alias) {
  return std::any_of(client.aliases.begin(), client.aliases.end(), [&](const auto& known) { return model::fold_name(known) == model::fold_name(alias); });
}

}  // namespace

Answer add_client(Context& context, const Arguments& arguments) {
  const std::string alias = arguments.one("alias");
  LANTAARN_ASSIGN(const auto known, visible_clients(context));
  const auto same = std::find_if(known.begin(), known.end(), [&](const Client& client) { return has_alias(client, alias); });
  if (same != known.end() && !arguments.has("new")) return refused("alias_taken", {same->id.hex()});
  LANTAARN_ASSIGN(const auto changes, typed_changes(context, arguments));
  LANTAARN_TRY(check_own(context, changes, true));

  model::Event event = context.new_event();
  auto& added = *event.mutable_client_added();
  const auto id = crypto::random_id<ClientId>();
  added.set_client_id(model::id_field(id));
  added.set_alias(alias);
  for (const auto& change : changes) {
    if (!change.value().empty()) *added.add_fields() = change;
  }
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"client_id", id.hex()}, {"event_id", events.front().hex()}}, {}, id};
}

Answer set_client(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  LANTAARN_ASSIGN(auto changes, typed_changes(context, arguments));
  LANTAARN_TRY(check_own(context, changes, false));
  std::erase_if(changes, [&](auto& change) { return !name_heads(client, change); });
  if (changes.empty()) return refused("nothing_changed");

  model::Event event = context.new_event();
  auto& changed = *event.mutable_client_changed();
  changed.set_client_id(model::id_field(client.id));
  changed.set_reason(context.reason);
  json::array fields;
  for (const auto& change : changes) {
    fields.push_back(json::value(change.field()));
    *changed.add_changes() = change;
  }
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{
      json::object{{"client_id", client.id.hex()}, {"event_id", events.front().hex()}, {"changed", std::move(fields)}}, {}, client.id};
}

Answer name_client(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const Client client, find_visible_client(context, arguments.one("client")));
  const std::string alias = arguments.one("alias");
  if (has_alias(client, alias)) return refused("nothing_changed");
  model::Event event = context.new_event();
  event.mutable_client_named()->set_client_id(model::id_field(client.id));
  event.mutable_client_named()->set_alias(alias);
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"client_id", client.id.hex()}, {"event_id", events.front().hex()}}, {}, client.id};
}

Answer list_clients(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(auto clients, visible_clients(context));
  const auto name_of = [](const Client& client) { return client.aliases.empty() ? std::string() : model::fold_name(client.aliases.front()); };
  std::stable_sort(clients.begin(), clients.end(), [&](const Client& a, const Client& b) { return name_of(a) < name_of(b); });
  LANTAARN_ASSIGN(const Names names, Names::load(context.registry));
  json::array documents;
  for (const auto& client : clients) documents.push_back(client_document(client, names));
  return Output{std::move(documents), {}};
}

// A care reminder: by name for her own case manager only; everyone else sees the overview's count.
Answer list_out_of_sight(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(const auto rows, context.registry.clear_clients());
  LANTAARN_ASSIGN(const auto clients, visible_clients(context));
  const CivilDate today = date_in_amsterdam(context.clock.now().wall_ms);
  json::array documents;
  for (const auto& row : rows) {
    const auto last = row.last_spoken_day ? std::optional(from_day_number(*row.last_spoken_day)) : std::nullopt;
    const auto since = row.since_day ? from_day_number(*row.since_day) : today;
    if (row.status != "in_view" || !model::is_out_of_sight(row.intensity, last, since, today)) continue;
    const auto client = std::find_if(clients.begin(), clients.end(), [&](const Client& one) { return one.id == row.id; });
    if (client == clients.end()) continue;
    documents.push_back(json::object{{"client_id", row.id.hex()},
                                     {"name", client->aliases.empty() ? json::value(nullptr) : json::value(client->aliases.front())},
                                     {"intensity", text_or_null(row.intensity)},
                                     {"last_spoken_date", last ? json::value(to_string(*last)) : json::value(nullptr)},
                                     {"after_days", model::out_of_sight_after_days(row.intensity)}});
  }
  return Output{std::move(documents), {}};
}

}  // namespace lantaarn::server::admin
