#include "common/model/record_input.hpp"

#include <algorithm>

#include "common/model/limits.hpp"
#include "common/model/rules.hpp"

namespace lantaarn::model {
namespace {

template <typename Range, typename Name>
std::string list_of(const Range& items, const Name& name) {
  std::string list;
  for (const auto& item : items) list += (list.empty() ? "" : ", ") + std::string(name(item));
  return list;
}

// "12", "12,5", "12.50" as hundredths: no more than two decimals.
Result<std::int64_t> hundredths_in(std::string_view text) {
  const std::size_t point = text.find_first_of(",.");
  std::string digits(text.substr(0, point));
  std::string decimals(point == std::string_view::npos ? std::string_view() : text.substr(point + 1));
  const bool has_point = point != std::string_view::npos;
  if (digits.empty() || digits.size() > 9 || decimals.size() > 2 || (has_point && decimals.empty())) return refused("number_invalid", {std::to_string(kCentsMax / 100)});
  decimals.resize(2, '0');
  digits += decimals;
  if (digits.find_first_not_of("0123456789") != std::string::npos) return refused("number_invalid", {std::to_string(kCentsMax / 100)});
  return std::stoll(digits);
}

struct Typed {
  std::string field, value;
};

Result<Typed> in_units(const RecordKind& kind, Typed typed) {
  if (typed.field == "euro" && kind.field("cents") != nullptr) {
    LANTAARN_ASSIGN(const std::int64_t cents, hundredths_in(typed.value));
    return Typed{"cents", std::to_string(cents)};
  }
  if (typed.field == "hours" && kind.field("minutes") != nullptr) {
    LANTAARN_ASSIGN(const std::int64_t hundredths, hundredths_in(typed.value));
    return Typed{"minutes", std::to_string((hundredths * 60 + 50) / 100)};
  }
  return typed;
}

}  // namespace

Result<const RecordKind*> named_kind(std::string_view typed) {
  const RecordKind* kind = find_record_kind(typed);
  if (kind != nullptr) return kind;
  return refused("unknown_kind", {std::string(typed), list_of(record_kinds(), [](const RecordKind& one) { return one.kind; })});
}

Result<FieldValues> typed_fields(const RecordKind& kind, const std::vector<std::string>& words) {
  FieldValues values;
  for (const std::string& word : words) {
    const std::size_t sign = word.find('=');
    // The word itself may be a note: it is not repeated.
    if (sign == std::string::npos || sign == 0) return refused("field_form");
    LANTAARN_ASSIGN(const Typed typed, in_units(kind, {word.substr(0, sign), word.substr(sign + 1)}));
    const RecordField* field = kind.field(typed.field);
    if (field == nullptr) {
      return refused("field_unknown", {std::string(kind.kind), typed.field, list_of(kind.fields, [](const RecordField& one) { return one.name; })});
    }
    values[typed.field] = typed.value;
    if (field->type == FieldType::kCodes) {
      LANTAARN_ASSIGN(values[typed.field], join_codes(field->codes, split_codes(typed.value)));
    }
  }
  return values;
}

void fill_defaults(const RecordKind& kind, const CivilDate& today, FieldValues& values) {
  values.try_emplace(std::string(kind.day), to_string(today));
  if (kind.kind == "attention_note") {
    const auto from = parse_date(values["date"]);
    values.try_emplace("until", to_string(attention_ends(from.value_or(today))));
  }
  if (kind.kind == "goal") values.try_emplace("state", "active");
  if (kind.kind == "referral") values.try_emplace("state", "announced");
}

}  // namespace lantaarn::model
