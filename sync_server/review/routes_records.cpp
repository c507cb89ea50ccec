// Records of every kind, of a woman or of the programme, and what may be written in them.
#include <boost/json.hpp>

#include "common/model/codes.hpp"
#include "common/model/record_kinds.hpp"
#include "common/words/words.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/review/body.hpp"

namespace lantaarn::server::review {
namespace json = boost::json;
namespace {

using access::Action;
using admin::Answer;
using admin::Arguments;
using admin::Output;

std::string_view name_of(model::FieldType type) {
  switch (type) {
    case model::FieldType::kText: return "text";
    case model::FieldType::kCode: return "code";
    case model::FieldType::kCodes: return "codes";
    case model::FieldType::kDate: return "date";
    case model::FieldType::kCents: return "cents";
    case model::FieldType::kNumber: return "number";
    case model::FieldType::kMinutes: return "minutes";
    case model::FieldType::kYesNo: return "yes_no";
    case model::FieldType::kScore: return "score";
    case model::FieldType::kRecord: return "record";
  }
  return "text";
}

std::string_view name_of(model::About about) {
  return about == model::About::kClient ? "client" : about == model::About::kProgramme ? "programme" : "either";
}

json::object kind_document(const model::RecordKind& kind) {
  json::array fields;
  for (const model::RecordField& field : kind.fields) {
    fields.push_back(json::object{{"name", field.name},
                                  {"type", name_of(field.type)},
                                  {"required", field.required},
                                  {"max", field.max == 0 ? json::value(nullptr) : json::value(field.max)},
                                  {"codes", field.codes.empty() ? json::value(nullptr) : json::value(field.codes)}});
  }
  return {{"kind", kind.kind}, {"about", name_of(kind.about)}, {"fields", std::move(fields)}};
}

Answer list_kinds(RouteCall&) {
  json::array kinds;
  for (const model::RecordKind& kind : model::record_kinds()) kinds.push_back(kind_document(kind));
  return Output{std::move(kinds), {}};
}

json::object code_document(std::string_view list, std::string_view code) {
  const std::string key = "code:" + std::string(list) + ":" + std::string(code);
  return {{"code", code},
          {"nl", words::text_in(words::Language::kDutch, key, {})},
          {"en", words::text_in(words::Language::kEnglish, key, {})},
          {"withdrawn", false}};
}

// The programme's lists, then what this customer added to them.
Answer list_codes(RouteCall& call) {
  json::object lists;
  for (const model::CodeList& list : model::code_lists()) {
    json::array codes;
    for (const std::string_view code : list.codes) codes.push_back(code_document(list.kind, code));
    lists[list.kind] = std::move(codes);
  }
  LANTAARN_ASSIGN(const Directory* directory, call.context.merger.directory());
  for (const model::OwnCode& own : directory->own_codes().all()) {
    lists[own.list].as_array().push_back(json::object{{"code", own.code}, {"nl", own.label_nl}, {"en", own.label_en}, {"withdrawn", own.withdrawn}});
  }
  return Output{std::move(lists), {}};
}

// No kind was named by who may not see women's records: what is about the programme alone.
Answer list_programme_records(RouteCall& call, Arguments arguments) {
  json::array records;
  for (const model::RecordKind& kind : model::record_kinds()) {
    if (kind.about != model::About::kProgramme) continue;
    arguments.values["kind"] = {std::string(kind.kind)};
    LANTAARN_ASSIGN(Output listed, admin::list_records(call.context, arguments));
    for (auto& record : listed.document.as_array()) records.push_back(std::move(record));
  }
  return Output{std::move(records), {}};
}

// Each role by the row of what it asks for: what is about the programme names no woman.
Answer list_records(RouteCall& call) {
  Arguments arguments{"records", {}, {}};
  for (const char* name : {"kind", "from", "through"}) {
    if (const std::string text = call.request.one(name); !text.empty()) arguments.values[name] = {text};
  }
  if (!arguments.has("kind") && opens_by(call, "records") == admin::Opens::kNothing) return list_programme_records(call, std::move(arguments));
  LANTAARN_TRY(narrow(call, arguments));
  LANTAARN_ASSIGN(Output output, admin::list_records(call.context, arguments));
  for (const auto& record : output.document.as_array()) {
    const auto& client = record.as_object().at("client_id");
    if (!client.is_string()) continue;
    if (const auto id = ClientId::parse_hex(std::string(client.as_string()))) call.opened.push_back(*id);
  }
  return output;
}

constexpr Member kKind[] = {{"kind", "kind", true}};
constexpr Member kCode[] = {{"list", "list", true}, {"code", "code", true}, {"nl", "nl", true}, {"en", "en", true}};

Result<Arguments> add(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, command_of(call, "record add", kKind));
  LANTAARN_TRY(put_fields(call, arguments));
  return arguments;
}

Result<Arguments> change(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "record change", {}));
  arguments.values["record"] = {call.param("record")};
  LANTAARN_TRY(put_fields(call, arguments));
  return arguments;
}

Result<Arguments> retract(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "record retract", {}));
  arguments.values["record"] = {call.param("record")};
  return arguments;
}

Answer show_message(RouteCall& call) {
  return admin::escalation_message(call.context, Arguments{"escalation message", {{"record", {call.param("record")}}}, {}});
}

Result<Arguments> add_code(RouteCall& call) { return decision_of(call, "codes add", kCode); }

Result<Arguments> withdraw_code(RouteCall& call) {
  LANTAARN_ASSIGN(Arguments arguments, decision_of(call, "codes withdraw", {}));
  arguments.values["list"] = {call.param("list")};
  arguments.values["code"] = {call.param("code")};
  return arguments;
}

constexpr Route kRoutes[] = {
    {Method::kGet, "records", "records programme", Action::kRead, "record", list_records, nullptr},
    {Method::kPost, "records", "record add programme", Action::kCreate, "record", nullptr, add},
    {Method::kGet, "records/kinds", "", Action::kRead, "", list_kinds, nullptr},
    {Method::kPatch, "records/{record}", "page record", Action::kUpdate, "record", nullptr, change},
    {Method::kDelete, "records/{record}", "page record", Action::kDelete, "record", nullptr, retract},
    {Method::kGet, "escalations/{record}/message", "escalation message", Action::kExecute, "escalation", show_message, nullptr},
    {Method::kGet, "codes", "", Action::kRead, "", list_codes, nullptr},
    {Method::kPost, "codes", "codes add", Action::kCreate, "code", nullptr, add_code},
    {Method::kDelete, "codes/{list}/{code}", "codes withdraw", Action::kDelete, "code", nullptr, withdraw_code},
};

}  // namespace

std::span<const Route> record_routes() { return kRoutes; }

}  // namespace lantaarn::server::review
