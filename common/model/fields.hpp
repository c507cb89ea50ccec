#pragma once
// Fields that can be corrected, and how their values are spelled as text in a FieldChange: codes as they are, lists of
// codes joined by ',' in code-list order, numbers in decimal, instants RFC 3339 UTC, ids lowercase hex, "" = not stated.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.hpp"
#include "common/model/event.pb.h"

namespace lantaarn::model {

/// Field names of a contact: client (hex, "" = unknown person), description, occurred_at, channel, place, outcome,
/// topics, areas, minutes, indirect_minutes, note.
/// Field names of a client: status, closed_reason, intensity, safe_contact, primary_contact, second_contact (user ids);
/// her identity, only where a purpose needs it and she knows: given_names, family_names, birth_year, birth_month, birth_day.
using FieldValues = std::map<std::string, std::string, std::less<>>;

[[nodiscard]] bool is_contact_field(std::string_view field);
[[nodiscard]] bool is_client_field(std::string_view field);
/// Never on a handheld.
[[nodiscard]] bool is_identity_field(std::string_view field);

/// Every contact field's value as logged.
[[nodiscard]] FieldValues fields_of(const pb::ContactLogged& contact);
/// kRefused "unknown_code", "text_too_long", "note_too_long", "minutes_invalid", "time_invalid", "field_invalid".
[[nodiscard]] Status check_contact_field(std::string_view field, std::string_view value);
[[nodiscard]] Status check_client_field(std::string_view field, std::string_view value);

/// "a,b" in code-list order without repeats, then a customer's own; kRefused "unknown_code".
[[nodiscard]] Result<std::string> join_codes(std::string_view kind, const std::vector<std::string>& codes);
[[nodiscard]] std::vector<std::string> split_codes(std::string_view joined);

/// Code points in UTF-8 text; nothing when it is not valid UTF-8.
[[nodiscard]] std::optional<std::size_t> characters_in(std::string_view text);

}  // namespace lantaarn::model
