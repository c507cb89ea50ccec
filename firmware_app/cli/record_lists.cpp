#include <algorithm>

#include "common/model/codes.hpp"
#include "common/model/record_input.hpp"
#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/contact_input.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/record_words.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

json::object in_both(const std::string& key, json::object object) {
  object["nl"] = words::text_in(words::Language::kDutch, key);
  object["en"] = words::text_in(words::Language::kEnglish, key);
  return object;
}

json::value warning_json(const std::optional<StayWarning>& warning) {
  if (!warning) return nullptr;
  return warning->state == model::StayState::kTooLong ? "too_long" : "ends_soon";
}

json::object record_json(const RecordView& record, const std::string& client, const std::optional<StayWarning>& warning) {
  json::object fields;
  for (const auto& [name, value] : record.fields) {
    if (!value.empty()) fields[name] = value;
  }
  return {{"record_id", record.record.hex()},
          {"kind", record.kind},
          {"client_id", hex_or_null(record.client_id)},
          {"client", or_null(client)},
          {"fields", std::move(fields)},
          {"contested", array_of({record.contested.begin(), record.contested.end()})},
          {"on_card", record.on_card},
          {"amended", record.amended},
          {"stale", record.stale},
          {"retracted", record.retracted},
          {"warning", warning_json(warning)}};
}

std::vector<std::string> record_row(const RecordView& record, const std::string& client, const std::optional<StayWarning>& warning) {
  const model::RecordKind* kind = model::find_record_kind(record.kind);
  std::string remark = warning ? words_of(*warning) : "";
  if (record.stale) remark = text("label:record_stale");
  if (record.retracted) remark = text("label:retracted");
  return {record.record.hex().substr(0, kShortIdDigits), client, kind_word(record.kind), kind == nullptr ? "" : record.value(kind->day),
          remark, summary_of(record)};
}

json::object field_json(const model::RecordField& field) {
  json::value codes = nullptr;
  if (!field.codes.empty()) {
    auto& list = codes.emplace_array();
    for (const std::string_view code : model::codes_of(field.codes)) {
      list.push_back(in_both("code:" + std::string(field.codes) + ":" + std::string(code), {{"code", code}}));
    }
  }
  return in_both("field:" + std::string(field.name), {{"field", field.name},
                                                      {"type", type_name(field.type)},
                                                      {"required", field.required},
                                                      {"max", field.max == 0 ? json::value(nullptr) : json::value(field.max)},
                                                      {"list", or_null(field.codes)},
                                                      {"codes", std::move(codes)}});
}

const char* about_name(model::About about) {
  return about == model::About::kClient ? "client" : about == model::About::kProgramme ? "programme" : "either";
}

}  // namespace

Result<Answer> list_records(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNeeded));
  const std::string kind = arguments.one("kind");
  if (!kind.empty()) LANTAARN_TRY(model::named_kind(kind));
  LANTAARN_ASSIGN(const auto of_client, client_of(arguments, session->cards));
  LANTAARN_ASSIGN(const auto read, session->capture().records());
  const CivilDate today = date_in_amsterdam(session->clock.now().wall_ms);
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  for (const RecordView& record : read.records) {
    if (!kind.empty() && record.kind != kind) continue;
    if (of_client && record.client_id != to_string(of_client->view())) continue;
    const std::string client = record.client_id.empty() ? "" : session->name_of(record.client_id);
    const auto warning = stay_warning(record, today);
    list.push_back(record_json(record, client, warning));
    rows.push_back(record_row(record, client, warning));
  }
  answer.lines = rows.empty() ? std::vector<std::string>{text("label:no_records")} : columns(rows);
  if (read.damage) answer.warnings.push_back(*read.damage);
  return answer;
}

Result<Answer> list_record_kinds(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto session, open_session(arguments.globals, Cards::kNone));
  Answer answer;
  auto& list = answer.document.emplace_array();
  std::vector<std::vector<std::string>> rows;
  for (const model::RecordKind& kind : model::record_kinds()) {
    json::array fields;
    for (const model::RecordField& field : kind.fields) {
      const std::string what = field.codes.empty() ? type_name(field.type) : "codes " + std::string(field.codes);
      rows.push_back({std::string(kind.kind), std::string(field.name) + (field.required ? " *" : ""), what,
                      text("record:" + std::string(kind.kind)), text("field:" + std::string(field.name))});
      fields.push_back(field_json(field));
    }
    list.push_back(in_both("record:" + std::string(kind.kind),
                           {{"kind", kind.kind}, {"about", about_name(kind.about)}, {"fields", std::move(fields)}}));
  }
  answer.lines = columns(rows);
  return answer;
}

}  // namespace lantaarn::firmware::cli
