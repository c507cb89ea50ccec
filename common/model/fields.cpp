#include "common/model/fields.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "common/base/civil_time.hpp"
#include "common/base/id.hpp"
#include "common/model/codes.hpp"
#include "common/model/limits.hpp"

namespace lantaarn::model {
namespace {

constexpr std::string_view kContactFields[] = {"client", "description", "occurred_at", "channel", "place", "outcome",
                                               "topics", "areas", "minutes", "indirect_minutes", "note"};
constexpr std::string_view kClientFields[] = {"status", "closed_reason", "intensity", "safe_contact", "primary_contact", "second_contact",
                                              "given_names", "family_names", "birth_year", "birth_month", "birth_day"};

template <typename Range>
bool contains(const Range& range, std::string_view value) {
  return std::find(std::begin(range), std::end(range), value) != std::end(range);
}

Status check_text(std::string_view text, std::size_t characters_max, const char* code) {
  const auto count = characters_in(text);
  if (!count) return refused("text_invalid");
  if (*count > characters_max) return refused(code, {std::to_string(characters_max)});
  return {};
}

Status check_minutes(std::string_view value) {
  if (value.empty()) return {};
  unsigned minutes = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), minutes);
  if (problem != std::errc{} || end != value.data() + value.size() || minutes > kMinutesMax) {
    return refused("minutes_invalid", {std::to_string(kMinutesMax)});
  }
  return {};
}

Status check_joined(std::string_view kind, std::string_view value) {
  LANTAARN_ASSIGN(const std::string canonical, join_codes(kind, split_codes(value)));
  if (canonical != value) return refused("field_invalid", {std::string(kind)});
  return {};
}

Status check_optional_id(std::string_view field, std::string_view value) {
  if (value.empty() || ClientId::parse_hex(value)) return {};
  return refused("field_invalid", {std::string(field)});
}

Status check_identity(std::string_view field, std::string_view value) {
  if (value.empty()) return {};
  if (field == "given_names" || field == "family_names") return check_text(value, kNameCharactersMax, "text_too_long");
  const int max = field == "birth_year" ? 2100 : field == "birth_month" ? 12 : 31;
  const int min = field == "birth_year" ? 1900 : 1;
  int number = 0;
  const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = problem == std::errc{} && end == value.data() + value.size();
  if (!whole || number < min || number > max) return refused("birth_invalid");
  return {};
}

template <typename Repeated>
std::string joined(std::string_view kind, const Repeated& codes) {
  auto text = join_codes(kind, {codes.begin(), codes.end()});
  if (text.ok()) return *text;
  // A code this program does not know yet (a newer handheld): kept as written.
  std::string raw;
  for (const auto& code : codes) raw += (raw.empty() ? "" : ",") + code;
  return raw;
}

}  // namespace

bool is_contact_field(std::string_view field) { return contains(kContactFields, field); }
bool is_client_field(std::string_view field) { return contains(kClientFields, field); }
bool is_identity_field(std::string_view field) {
  return field == "given_names" || field == "family_names" || field.starts_with("birth_");
}

FieldValues fields_of(const pb::ContactLogged& contact) {
  FieldValues values;
  values["client"] = to_hex(as_bytes(contact.client_id()));
  values["description"] = contact.description();
  values["occurred_at"] = to_rfc3339(contact.occurred_at_ms());
  values["channel"] = contact.channel();
  values["place"] = contact.place();
  values["outcome"] = contact.outcome();
  values["topics"] = joined("topic", contact.topics());
  values["areas"] = joined("area", contact.areas());
  values["minutes"] = contact.has_minutes() ? std::to_string(contact.minutes()) : "";
  values["indirect_minutes"] = contact.has_indirect_minutes() ? std::to_string(contact.indirect_minutes()) : "";
  values["note"] = contact.note();
  return values;
}

Status check_contact_field(std::string_view field, std::string_view value) {
  if (field == "channel" || field == "place" || field == "outcome") return check_code(field, value);
  if (field == "topics") return check_joined("topic", value);
  if (field == "areas") return check_joined("area", value);
  if (field == "minutes" || field == "indirect_minutes") return check_minutes(value);
  if (field == "note") return check_text(value, kNoteCharactersMax, "note_too_long");
  if (field == "description") return check_text(value, kDescriptionCharactersMax, "text_too_long");
  if (field == "client") return check_optional_id(field, value);
  if (field == "occurred_at") {
    if (parse_rfc3339(value)) return {};
    return refused("time_invalid");
  }
  return refused("field_invalid", {std::string(field)});
}

Status check_client_field(std::string_view field, std::string_view value) {
  if (field == "status") return check_code(field, value);
  if (field == "intensity" || field == "closed_reason" || field == "safe_contact") {
    return value.empty() ? Status{} : check_code(field, value);
  }
  if (field == "primary_contact" || field == "second_contact") return check_optional_id(field, value);
  if (is_identity_field(field)) return check_identity(field, value);
  return refused("field_invalid", {std::string(field)});
}

Result<std::string> join_codes(std::string_view kind, const std::vector<std::string>& codes) {
  for (const auto& code : codes) LANTAARN_TRY(check_code(kind, code));
  std::string joined_text;
  for (std::string_view known : codes_of(kind)) {
    if (!contains(codes, known)) continue;
    if (!joined_text.empty()) joined_text += ",";
    joined_text += known;
  }
  // A customer's own come after those of the list, in alphabetical order.
  std::set<std::string_view> own;
  for (const auto& code : codes) {
    if (!is_code(kind, code)) own.insert(code);
  }
  for (std::string_view code : own) {
    if (!joined_text.empty()) joined_text += ",";
    joined_text += code;
  }
  return joined_text;
}

std::vector<std::string> split_codes(std::string_view joined_text) {
  std::vector<std::string> codes;
  while (!joined_text.empty()) {
    const std::size_t comma = joined_text.find(',');
    codes.emplace_back(joined_text.substr(0, comma));
    joined_text = comma == std::string_view::npos ? std::string_view{} : joined_text.substr(comma + 1);
  }
  return codes;
}

std::optional<std::size_t> characters_in(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xC0) != 0x80) return std::nullopt;
      point = (point << 6) | (next & 0x3F);
    }
    constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kSmallest[length] || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000) || point == 0) return std::nullopt;
    i += length;
  }
  return count;
}

}  // namespace lantaarn::model
