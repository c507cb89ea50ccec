#pragma once
// From what a person types about a record to its fields: "date=2026-11-22", "to=sti_test". The same on both sides.

#include <string>
#include <vector>

#include "common/base/civil_time.hpp"
#include "common/model/record_kinds.hpp"

namespace lantaarn::model {

/// The kind that was named. kRefused "unknown_kind" {typed, the list}.
[[nodiscard]] Result<const RecordKind*> named_kind(std::string_view typed);

/// `field=value` words; the last one of a field counts. Two spellings for people: "euro=12,50" for cents, "hours=23.25"
/// for minutes; a list of codes in any order. Values are not checked here (check_record, check_record_field).
/// kRefused "field_form", "field_unknown" {kind, field, the list}, "number_invalid", "unknown_code".
[[nodiscard]] Result<FieldValues> typed_fields(const RecordKind& kind, const std::vector<std::string>& words);

/// What goes without saying when a record is added: its day is today, an attention note lasts as long as it may, a goal
/// is active, a referral announced.
void fill_defaults(const RecordKind& kind, const CivilDate& today, FieldValues& values);

}  // namespace lantaarn::model
