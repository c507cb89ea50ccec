#include "firmware_app/cli/record_words.hpp"

#include <algorithm>
#include <charconv>

#include "common/words/words.hpp"
#include "firmware_app/cli/answer.hpp"

namespace lantaarn::firmware::cli {
namespace {

using model::FieldType;
using words::text;

std::int64_t number_in(const std::string& decimal) {
  std::int64_t value = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), value);
  return value;
}

char decimal_point() { return words::language() == words::Language::kDutch ? ',' : '.'; }

std::string words_of_codes(std::string_view list, const std::string& joined) {
  std::string said;
  for (const auto& code : model::split_codes(joined)) said += (said.empty() ? "" : ", ") + word_for(list, code);
  return said;
}

std::string value_word(const model::RecordField& field, const std::string& value) {
  switch (field.type) {
    case FieldType::kCode: return word_for(field.codes, value);
    case FieldType::kCodes: return words_of_codes(field.codes, value);
    case FieldType::kYesNo: return text(value == "yes" ? "label:record:yes" : "label:record:no");
    case FieldType::kScore: return text("zrm_level:" + value);
    case FieldType::kCents: return "€ " + model::euros_text(number_in(value), decimal_point());
    case FieldType::kMinutes: return text("label:record:hours", {model::hours_text(number_in(value), decimal_point())});
    default: return value;
  }
}

}  // namespace

const char* type_name(FieldType type) {
  switch (type) {
    case FieldType::kText: return "text";
    case FieldType::kCode: return "code";
    case FieldType::kCodes: return "codes";
    case FieldType::kDate: return "date";
    case FieldType::kCents: return "cents";
    case FieldType::kNumber: return "number";
    case FieldType::kMinutes: return "minutes";
    case FieldType::kYesNo: return "yes_no";
    case FieldType::kScore: return "score";
    case FieldType::kRecord: return "record";
  }
  return "text";
}

std::string kind_word(const std::string& kind) {
  return model::find_record_kind(kind) == nullptr ? kind : text("record:" + kind);
}

std::string summary_of(const RecordView& record) {
  const model::RecordKind* kind = model::find_record_kind(record.kind);
  if (kind == nullptr) return {};
  std::string said;
  for (const model::RecordField& field : kind->fields) {
    const std::string& value = record.value(field.name);
    if (field.name == kind->day || value.empty()) continue;
    // An amount says its unit; its field's word is the unit in which it is kept.
    const bool has_unit = field.type == FieldType::kCents || field.type == FieldType::kMinutes;
    const std::string name = has_unit ? "" : text("field:" + std::string(field.name)) + ": ";
    said += (said.empty() ? "" : "; ") + name + value_word(field, value);
  }
  return said;
}

std::optional<StayWarning> stay_warning(const RecordView& record, const CivilDate& today) {
  if (record.kind != "time_out_stay" || record.retracted) return std::nullopt;
  const auto from = parse_date(record.value("from"));
  if (!from) return std::nullopt;
  const auto through = parse_date(record.value("through"));
  const bool ended = through && *through < today;
  StayWarning warning;
  warning.days = model::stay_days(*from, ended ? *through : today);
  warning.state = model::stay_state(through ? std::max(model::stay_days(*from, *through), warning.days) : warning.days);
  // Planned or ended within the limit: only what has been so far warns that the end is near.
  if (warning.state == model::StayState::kEndsSoon) warning.state = ended ? model::StayState::kFine : model::stay_state(warning.days);
  if (warning.state == model::StayState::kFine) return std::nullopt;
  return warning;
}

std::string words_of(const StayWarning& warning) {
  const std::vector<std::string> args = {std::to_string(warning.days), std::to_string(model::kStayDaysMax)};
  return text(warning.state == model::StayState::kTooLong ? "label:stay:too_long" : "label:stay:ends_soon", args);
}

}  // namespace lantaarn::firmware::cli
