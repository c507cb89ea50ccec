#include "sync_server/admin/import_rows.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"
#include "common/model/fold_name.hpp"
#include "common/model/record_input.hpp"
#include "common/model/validate.hpp"
#include "sync_server/admin/budget.hpp"
#include "sync_server/admin/caseload.hpp"
#include "sync_server/admin/lookup.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server::admin {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  return first == std::string_view::npos ? std::string_view() : text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

ClockReading noon_of(const CivilDate& day) {
  constexpr std::int64_t kHourMs = 3'600'000;
  const std::int64_t noon_utc = (std::int64_t{to_day_number(day)} * 24 + 12) * kHourMs;
  // No clock said so: a value that one did say is never less than this one.
  return {noon_utc - amsterdam_offset_minutes(noon_utc) * std::int64_t{60'000}, 0, {}, ClockStatus::kDoubtful};
}

model::Event imported_event(const ServerId& server, const ClockReading& at, std::string_view kind, ByteView key, const model::FieldValues& values) {
  Bytes content;
  for (const auto& [field, value] : values) {
    for (const std::string& text : {field, value}) {
      append_le(content, static_cast<std::uint32_t>(text.size()));
      append(content, as_bytes(text));
    }
  }
  model::Event event = model::new_event(UserId{server.bytes}, at);
  event.set_nonce(to_string(crypto::blake2b_128({as_bytes("lantaarn import event v1"), server.view(), as_bytes(kind), as_bytes("\n"), key, content})));
  return event;
}

class RowReader {
 public:
  RowReader(Context& context, const ImportMapping& mapping, const Directory& directory) : context_(context), mapping_(mapping), directory_(directory) {
    servers_.push_back(context.keys.server.id);
    for (const DeviceId& former : directory.former_servers()) servers_.push_back(ServerId{former.bytes});
  }
  Status load_aliases();
  Status header(const CsvFields& names);
  Status row(std::uint64_t line, const CsvFields& fields);
  ImportPlan plan;

 private:
  Status plan_client(const CsvFields& fields);
  Status plan_record(const CsvFields& fields);
  Status keep(const model::Event& event);
  std::string_view cell(const CsvFields& fields, const std::string& column) { return trimmed(fields[places_.find(at_ = column)->second]); }
  Result<std::string> value_of(const std::string& field, std::string_view text) const;
  Result<model::FieldValues> values_in(const CsvFields& fields);
  Status put_client_field(model::pb::ClientAdded& added, const std::string& field, const std::string& value, const std::string& from);
  Status put_record_field(model::FieldValues& values, const std::string& field, const std::string& text);
  Result<std::optional<ClientId>> client_by_key(std::string_view key);
  Result<std::optional<ClientId>> client_of(const CsvFields& fields);
  Result<bool> is_known(const model::Event& event);
  [[nodiscard]] std::string column_of(std::string_view field) const;

  Context& context_;
  const ImportMapping& mapping_;
  const Directory& directory_;
  std::vector<ServerId> servers_;                       // this one first
  std::map<std::string, std::size_t, std::less<>> places_;  // of the columns that are used
  std::multimap<std::string, ClientId> aliases_;        // folded
  std::set<std::string, std::less<>> keys_;             // of this file
  std::set<EventId> seen_;                              // of this file
  std::string at_;                                      // the column that is looked at
};

Status RowReader::load_aliases() {
  LANTAARN_ASSIGN(const auto clients, visible_clients(context_));
  for (const Client& client : clients) {
    std::set<std::string> folded;
    for (const auto& alias : client.aliases) folded.insert(model::fold_name(alias));
    for (const auto& alias : folded) aliases_.emplace(alias, client.id);
  }
  return {};
}

// Of the file's own header nothing is repeated: without one, its first line holds somebody's name.
Status RowReader::header(const CsvFields& names) {
  std::set<std::string> wanted;
  for (const auto& column : mapping_.columns) wanted.insert(column.name);
  for (const std::string* whom : {&mapping_.key, &mapping_.client_key, &mapping_.client_alias}) {
    if (!whom->empty()) wanted.insert(*whom);
  }
  for (const std::string& name : wanted) {
    const auto is_it = [&](const std::string& text) { return trimmed(text) == name; };
    const auto found = std::find_if(names.begin(), names.end(), is_it);
    if (found == names.end()) return refused("import_column_missing", {name});
    if (std::count_if(names.begin(), names.end(), is_it) > 1) return refused("csv_column_twice", {name});
    places_[name] = static_cast<std::size_t>(found - names.begin());
  }
  return {};
}

Status RowReader::row(std::uint64_t line, const CsvFields& fields) {
  if (++plan.rows > kImportRowsMax) return refused("import_too_many", {std::to_string(kImportRowsMax)});
  at_.clear();
  const Status planned = mapping_.record == nullptr ? plan_client(fields) : plan_record(fields);
  if (planned.ok()) return {};
  if (planned.error().kind != ErrorKind::kRefused) return planned;
  plan.problems.push_back({line, at_, planned.error().code});
  return {};
}

Status RowReader::keep(const model::Event& event) {
  LANTAARN_TRY(model::validate_event(event));
  plan.events.push_back(model::encode_event(event));
  return {};
}

Result<std::string> RowReader::value_of(const std::string& field, std::string_view text) const {
  const auto renamed = mapping_.values.find(field);
  if (renamed != mapping_.values.end()) {
    const auto to = renamed->second.find(text);
    if (to != renamed->second.end()) return to->second;
  }
  if (mapping_.is_date(field) && !text.empty()) return date_as(mapping_.dates, text);
  return std::string(text);
}

// What the row and the constants say, field by field; what is empty is left out.
Result<model::FieldValues> RowReader::values_in(const CsvFields& fields) {
  model::FieldValues values;
  for (const auto& [field, text] : mapping_.constants) values[field] = text;
  for (const auto& column : mapping_.columns) {
    const std::string_view text = cell(fields, column.name);
    LANTAARN_ASSIGN(std::string value, value_of(column.field, text));
    if (!value.empty()) values[column.field] = std::move(value);
  }
  at_.clear();
  return values;
}

std::string RowReader::column_of(std::string_view field) const {
  const auto found = std::find_if(mapping_.columns.begin(), mapping_.columns.end(), [&](const auto& column) { return column.field == field; });
  return found == mapping_.columns.end() ? std::string() : found->name;
}

Result<std::optional<ClientId>> RowReader::client_by_key(std::string_view key) {
  for (const ServerId& server : servers_) {
    const ClientId id = imported_client_id(server, key);
    if (directory_.is_erased(id)) return refused("import_erased");
    LANTAARN_ASSIGN(const auto client, context_.registry.client(id));
    if (client && client->added) return std::optional(id);
  }
  return std::optional<ClientId>{};
}

Status RowReader::plan_client(const CsvFields& fields) {
  const std::string key(cell(fields, mapping_.key));
  if (key.empty()) return refused("import_key_empty");
  if (model::characters_in(key).value_or(SIZE_MAX) > kImportKeyCharactersMax) return refused("text_too_long", {std::to_string(kImportKeyCharactersMax)});
  if (!keys_.insert(key).second) return refused("import_key_twice");
  LANTAARN_ASSIGN(const auto known, client_by_key(key));
  if (known) {
    ++plan.known;
    return {};
  }
  LANTAARN_ASSIGN(const auto values, values_in(fields));
  const ServerId& server = servers_.front();
  const auto from = values.find("from");
  const auto day = from == values.end() ? std::nullopt : parse_date(from->second);
  if (from != values.end() && !day) return refused("date_invalid");
  model::Event event = imported_event(server, day ? noon_of(*day) : context_.now(), "client", as_bytes(key), values);
  auto& added = *event.mutable_client_added();
  added.set_client_id(model::id_field(imported_client_id(server, key)));
  for (const auto& [field, value] : values) {
    at_ = column_of(field);
    LANTAARN_TRY(put_client_field(added, field, value, day ? from->second : ""));
  }
  at_ = column_of("alias");
  return keep(event);
}

Status RowReader::put_client_field(model::pb::ClientAdded& added, const std::string& field, const std::string& value, const std::string& from) {
  if (field == "from") return {};
  if (field == "alias") {
    added.set_alias(value);
    return {};
  }
  std::string written = value;
  if (field.ends_with("_contact") && field != "safe_contact") {
    LANTAARN_ASSIGN(const UserView user, find_user(context_.registry, value));
    written = user.id.hex();
  }
  LANTAARN_TRY(model::check_client_field(field, written));
  auto* change = added.add_fields();
  change->set_field(field);
  change->set_value(written);
  change->set_effective_date(from);
  return {};
}

Result<std::optional<ClientId>> RowReader::client_of(const CsvFields& fields) {
  if (!mapping_.client_key.empty()) {
    const std::string_view key = cell(fields, mapping_.client_key);
    if (!key.empty()) {
      LANTAARN_ASSIGN(const auto found, client_by_key(key));
      if (found) return found;
      if (mapping_.client_alias.empty()) return refused("client_not_found");
    }
  }
  if (!mapping_.client_alias.empty()) {
    const std::string alias = model::fold_name(cell(fields, mapping_.client_alias));
    const auto [first, last] = aliases_.equal_range(alias);
    if (!alias.empty() && std::distance(first, last) > 1) return refused("client_ambiguous_here", {""});
    if (!alias.empty() && first != last) return std::optional(first->second);
    if (!alias.empty()) return refused("client_not_found");
  }
  if (mapping_.record->about == model::About::kClient) return refused("client_needed");
  return std::optional<ClientId>{};
}

Status RowReader::put_record_field(model::FieldValues& values, const std::string& field, const std::string& text) {
  LANTAARN_ASSIGN(const auto typed, model::typed_fields(*mapping_.record, {field + "=" + text}));
  for (const auto& [name, value] : typed) {
    LANTAARN_TRY(model::check_record_field(*mapping_.record, name, value));
    values[name] = value;
  }
  return {};
}

Result<bool> RowReader::is_known(const model::Event& event) {
  const EventId id = model::event_id_of(model::encode_event(event));
  if (directory_.is_ended(id)) return refused("import_ended");
  LANTAARN_ASSIGN(const auto owner, context_.registry.owner_of(id));
  return owner.has_value();
}

Status RowReader::plan_record(const CsvFields& fields) {
  const model::RecordKind& kind = *mapping_.record;
  LANTAARN_ASSIGN(const auto client, client_of(fields));
  LANTAARN_ASSIGN(const auto written, values_in(fields));
  model::FieldValues values;
  for (const auto& [field, text] : written) {
    at_ = column_of(field);
    LANTAARN_TRY(put_record_field(values, field, text));
  }
  at_ = column_of(kind.day);
  const auto named_day = values.find(kind.day);
  const auto day = named_day == values.end() ? std::nullopt : parse_date(named_day->second);
  if (!day) return refused("field_needed", {std::string(kind.day)});
  model::fill_defaults(kind, *day, values);
  at_.clear();
  LANTAARN_TRY(model::check_record(kind, values));
  for (const ServerId& server : servers_) {
    LANTAARN_ASSIGN(const bool known, is_known(imported_record(server, kind, client, values, *day)));
    if (!known) continue;
    ++plan.known;
    return {};
  }
  const model::Event event = imported_record(servers_.front(), kind, client, values, *day);
  if (!seen_.insert(model::event_id_of(model::encode_event(event))).second) {
    ++plan.known;
    return {};
  }
  if (kind.kind == "budget_spending") LANTAARN_TRY(check_budget(context_.registry, values));
  return keep(event);
}

}  // namespace

ClientId imported_client_id(const ServerId& server, std::string_view key) {
  return ClientId{crypto::blake2b_128({as_bytes("lantaarn import client v1"), server.view(), as_bytes(key)})};
}

model::Event imported_record(const ServerId& server, const model::RecordKind& kind, const std::optional<ClientId>& client,
                             const model::FieldValues& values, const CivilDate& day) {
  model::Event event = imported_event(server, noon_of(day), kind.kind, client ? ByteView(client->view()) : ByteView(), values);
  auto& added = *event.mutable_record_added();
  added.set_kind(std::string(kind.kind));
  if (client) added.set_client_id(model::id_field(*client));
  for (const auto& [field, value] : values) {
    auto* change = added.add_fields();
    change->set_field(field);
    change->set_value(value);
  }
  return event;
}

Result<ImportPlan> plan_import(Context& context, const ImportMapping& mapping, const std::string& path) {
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  RowReader reader(context, mapping, *directory);
  LANTAARN_TRY(reader.load_aliases());
  CsvHandlers handlers;
  handlers.header = [&](const CsvFields& names) { return reader.header(names); };
  handlers.row = [&](std::uint64_t line, const CsvFields& fields) { return reader.row(line, fields); };
  LANTAARN_TRY(read_csv(path, handlers));
  return std::move(reader.plan);
}

}  // namespace lantaarn::server::admin
