#include "sync_server/admin/record_words.hpp"

#include "common/model/record_kinds.hpp"
#include "common/model/rules.hpp"
#include "sync_server/admin/screen_words.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::string field_word(const std::string& field) { return words::text("field:" + field); }

std::string codes_words(const std::string& list, const std::string& joined) {
  std::string all;
  for (const auto& code : model::split_codes(joined)) all += (all.empty() ? "" : " + ") + code_word(list, code);
  return all;
}

std::string number_of(const json::object& of, const char* name) {
  const auto* value = of.if_contains(name);
  return value == nullptr || !value->is_number() ? "" : std::to_string(value->to_number<std::int64_t>());
}

}  // namespace

std::string kind_word(const std::string& kind) { return words::text("record:" + kind); }

std::string value_words(const std::string& kind, const std::string& field, const std::string& value) {
  const model::RecordKind* known = model::find_record_kind(kind);
  const model::RecordField* of = known == nullptr ? nullptr : known->field(field);
  if (of == nullptr || value.empty()) return value;
  switch (of->type) {
    case model::FieldType::kCode: return code_word(std::string(of->codes), value);
    case model::FieldType::kCodes: return codes_words(std::string(of->codes), value);
    case model::FieldType::kDate: return local_date(value);
    case model::FieldType::kCents: return "€ " + model::euros_text(std::stoll(value), label("decimal_point")[0]);
    case model::FieldType::kMinutes: return label("derived:hours", {model::hours_text(std::stoll(value), label("decimal_point")[0])});
    case model::FieldType::kYesNo: return label(value == "yes" ? "yes" : "no");
    case model::FieldType::kScore: return value + " " + words::text("zrm_level:" + value);
    case model::FieldType::kRecord: return value.substr(0, 12);
    case model::FieldType::kText:
    case model::FieldType::kNumber: return value;
  }
  return value;
}

std::string record_summary(const json::object& record) {
  const std::string kind = text_in(record, "kind");
  const model::RecordKind* known = model::find_record_kind(kind);
  const auto* values = record.if_contains("values");
  if (known == nullptr || values == nullptr || !values->is_object()) return {};
  std::string all;
  for (const model::RecordField& field : known->fields) {
    const std::string name(field.name);
    const std::string value = text_in(values->get_object(), name.c_str());
    if (value.empty() || field.name == known->day) continue;
    // Euros and hours say themselves what they are.
    const bool has_unit = field.type == model::FieldType::kCents || field.type == model::FieldType::kMinutes;
    all += (all.empty() ? "" : ", ") + (has_unit ? "" : field_word(name) + " ") + value_words(kind, name, value);
  }
  return all;
}

std::string record_remark(const json::object& record) {
  const auto* derived = record.if_contains("derived");
  std::string all = is_set_in(record, "retracted") ? label("list:retracted") : is_set_in(record, "amended") ? label("list:amended") : "";
  const auto add = [&](const std::string& text) { all += (all.empty() ? "" : ", ") + text; };
  if (derived == nullptr || !derived->is_object()) return all;
  const json::object& of = derived->get_object();
  if (const std::string days = number_of(of, "days"); !days.empty()) add(label("record:days", {days}));
  if (const std::string cents = number_of(of, "cents"); !cents.empty()) add("€ " + model::euros_text(std::stoll(cents), label("decimal_point")[0]));
  if (const std::string warning = text_in(of, "warning"); !warning.empty()) add(label("derived:" + warning));
  if (const std::string days = number_of(of, "waiting_days"); !days.empty()) add(label("record:waiting", {days}));
  if (is_set_in(of, "ended")) add(label("record:ended"));
  return all;
}

std::string record_day(const json::object& record) {
  const model::RecordKind* known = model::find_record_kind(text_in(record, "kind"));
  const auto* values = record.if_contains("values");
  if (known == nullptr || values == nullptr || !values->is_object()) return {};
  return local_date(text_in(values->get_object(), std::string(known->day).c_str()));
}

}  // namespace lantaarn::server::admin
