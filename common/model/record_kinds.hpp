#pragma once
// What the programme records beside clients, contacts, follow-ups and rounds: one row per kind, from FORMAT.md's
// vocabulary. The same table checks what is written, decides what stands in clear in the registry, and gives both
// programs their flags; a new kind is a row here and its words. Kinds and fields are never renamed; a kind this
// program does not know is kept until one comes that does.

#include <cstdint>
#include <span>
#include <string_view>

#include "common/model/fields.hpp"

namespace lantaarn::model {

/// How a value is spelled (all are text; "" = not stated).
enum class FieldType {
  kText,    ///< at most `max` characters
  kCode,    ///< one of the code list `codes`
  kCodes,   ///< several of them, joined as in fields.hpp
  kDate,    ///< "2026-11-22", Amsterdam
  kCents,   ///< euros in whole cents, decimal digits
  kNumber,  ///< 0 … `max`
  kMinutes, ///< a duration; "0" is a stated nil, "" is unknown
  kYesNo,   ///< "yes" or "no"
  kScore,   ///< 1 … 5 of the Zelfredzaamheid-Matrix; "" = not assessed, never 0 and never averaged
  kRecord,  ///< another record, its id in hex
};

struct RecordField {
  std::string_view name;
  FieldType type = FieldType::kText;
  bool required = false;
  std::string_view codes = {};
  std::int64_t max = 0;
};

/// Whether a woman is named in it.
enum class About { kClient, kProgramme, kEither };

/// After what a record is ended (retention.hpp has the terms).
enum class RetentionClass { kCare, kProgramme, kAttention };

struct RecordKind {
  std::string_view kind;
  About about = About::kClient;
  RetentionClass retention = RetentionClass::kCare;
  std::span<const RecordField> fields;
  // Fields that stand in clear in the registry, so that counting opens nothing; "" = none.
  std::string_view day, until, code, subcode, amount;

  [[nodiscard]] const RecordField* field(std::string_view name) const;
};

[[nodiscard]] std::span<const RecordKind> record_kinds();
/// nullptr for a kind this program does not know.
[[nodiscard]] const RecordKind* find_record_kind(std::string_view kind);

/// kRefused "unknown_code", "text_too_long", "text_invalid", "date_invalid", "number_invalid", "minutes_invalid",
/// "score_invalid", "yes_no_invalid", "id_invalid", "field_invalid".
[[nodiscard]] Status check_record_field(const RecordKind& kind, std::string_view field, std::string_view value);
/// Every field, what is required, and the rules between fields.
/// kRefused the above, "field_needed" {field}, "dates_reversed", "instrument_lacks" {domain}, "attention_too_long" {days},
/// "woman_not_told".
[[nodiscard]] Status check_record(const RecordKind& kind, const FieldValues& values);

/// The domains of a Zelfredzaamheid-Matrix by instrument ("zrm_2017": 13, "zrm_2013": 11); never mapped into each other.
[[nodiscard]] std::span<const std::string_view> zrm_domains(std::string_view instrument);

}  // namespace lantaarn::model
