// What makes a record acceptable: each value by its type, then the rules between fields.
#include <algorithm>
#include <charconv>
#include <optional>

#include "common/base/civil_time.hpp"
#include "common/base/id.hpp"
#include "common/model/codes.hpp"
#include "common/model/limits.hpp"
#include "common/model/record_kinds.hpp"

namespace lantaarn::model {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  // One spelling per number: no sign, no leading zeros.
  const bool plain = !text.empty() && text[0] != '-' && (text[0] != '0' || text.size() == 1);
  if (!plain || problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status check_number(std::string_view value, std::int64_t max, const char* code) {
  const auto number = number_in(value);
  if (!number || *number > max) return refused(code, {std::to_string(max)});
  return {};
}

Status check_text(std::string_view value, std::int64_t characters_max) {
  const auto count = characters_in(value);
  if (!count) return refused("text_invalid");
  if (*count > static_cast<std::size_t>(characters_max)) return refused("text_too_long", {std::to_string(characters_max)});
  return {};
}

Status check_codes(std::string_view list, std::string_view value) {
  LANTAARN_ASSIGN(const std::string canonical, join_codes(list, split_codes(value)));
  if (canonical != value) return refused("field_invalid", {std::string(list)});
  return {};
}

Status check_typed(const RecordField& field, std::string_view value) {
  switch (field.type) {
    case FieldType::kText: return check_text(value, field.max);
    case FieldType::kCode: return check_code(field.codes, value);
    case FieldType::kCodes: return check_codes(field.codes, value);
    case FieldType::kDate: return parse_date(value) ? Status{} : refused("date_invalid");
    case FieldType::kCents: return check_number(value, kCentsMax, "number_invalid");
    case FieldType::kNumber: return check_number(value, field.max, "number_invalid");
    case FieldType::kMinutes: return check_number(value, field.max, "minutes_invalid");
    case FieldType::kYesNo: return value == "yes" || value == "no" ? Status{} : refused("yes_no_invalid", {std::string(field.name)});
    case FieldType::kScore: {
      const auto score = number_in(value);
      return score && *score >= 1 && *score <= 5 ? Status{} : refused("score_invalid");
    }
    case FieldType::kRecord: return EventId::parse_hex(value) ? Status{} : refused("id_invalid");
  }
  return refused("field_invalid", {std::string(field.name)});
}

const std::string& value_in(const FieldValues& values, std::string_view field) {
  static const std::string kNone;
  const auto found = values.find(field);
  return found == values.end() ? kNone : found->second;
}

Status check_order(const FieldValues& values, std::string_view first, std::string_view last) {
  const std::string& from = value_in(values, first);
  const std::string& to = value_in(values, last);
  // Dates in this spelling sort as text.
  if (!from.empty() && !to.empty() && to < from) return refused("dates_reversed");
  return {};
}

Status check_needed(const FieldValues& values, std::string_view field) {
  return value_in(values, field).empty() ? refused("field_needed", {std::string(field)}) : Status{};
}

Status check_zrm(const FieldValues& values) {
  const auto domains = zrm_domains(value_in(values, "instrument"));
  for (const auto& [field, value] : values) {
    const bool is_domain = field != "date" && field != "instrument" && field != "trained";
    const bool has = std::find(domains.begin(), domains.end(), field) != domains.end();
    if (is_domain && !value.empty() && !has) return refused("instrument_lacks", {field});
  }
  return {};
}

Status check_referral(const FieldValues& values) {
  const std::string& state = value_in(values, "state");
  if (state == "started" || state == "completed") LANTAARN_TRY(check_needed(values, "started"));
  if (state == "completed" || state == "declined") LANTAARN_TRY(check_needed(values, "ended"));
  LANTAARN_TRY(check_order(values, "announced", "started"));
  LANTAARN_TRY(check_order(values, "announced", "ended"));
  return check_order(values, "started", "ended");
}

Status check_consent(const FieldValues& values) {
  if (value_in(values, "state") == "given") {
    LANTAARN_TRY(check_needed(values, "how"));
    LANTAARN_TRY(check_needed(values, "scope"));
  }
  return check_order(values, "date", "ends");
}

// One question about one woman: she is told first, or a named reason says why not.
Status check_escalation(const FieldValues& values) {
  if (value_in(values, "told") == "no" && value_in(values, "not_told_because").empty()) return refused("woman_not_told");
  return check_order(values, "date", "ends");
}

Status check_attention(const FieldValues& values) {
  LANTAARN_TRY(check_order(values, "date", "until"));
  const auto from = parse_date(value_in(values, "date"));
  const auto until = parse_date(value_in(values, "until"));
  if (from && until && to_day_number(*until) - to_day_number(*from) > kAttentionDaysMax) {
    return refused("attention_too_long", {std::to_string(kAttentionDaysMax)});
  }
  return {};
}

Status check_between(std::string_view kind, const FieldValues& values) {
  if (kind == "zrm_assessment") return check_zrm(values);
  if (kind == "referral") return check_referral(values);
  if (kind == "consent") return check_consent(values);
  if (kind == "escalation") return check_escalation(values);
  if (kind == "attention_note") return check_attention(values);
  if (kind == "time_out_stay" || kind == "hours") return check_order(values, "from", "through");
  if (kind == "bottleneck") return check_order(values, "since", "until");
  if (kind == "handover") return check_order(values, "date", "ends");
  return {};
}

}  // namespace

Status check_record_field(const RecordKind& kind, std::string_view field, std::string_view value) {
  const RecordField* known = kind.field(field);
  if (known == nullptr) return refused("field_invalid", {std::string(field)});
  if (value.empty()) return known->required ? refused("field_needed", {std::string(field)}) : Status{};
  return check_typed(*known, value);
}

Status check_record(const RecordKind& kind, const FieldValues& values) {
  for (const auto& [field, value] : values) LANTAARN_TRY(check_record_field(kind, field, value));
  for (const RecordField& field : kind.fields) {
    if (field.required) LANTAARN_TRY(check_needed(values, field.name));
  }
  return check_between(kind.kind, values);
}

}  // namespace lantaarn::model
