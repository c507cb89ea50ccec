#include "sync_server/admin/import_mapping.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "common/base/civil_time.hpp"
#include "common/model/record_input.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

constexpr std::string_view kSpellings[] = {"yyyy-mm-dd", "dd-mm-yyyy", "dd/mm/yyyy", "dd.mm.yyyy", "mm/dd/yyyy", "yyyymmdd"};

Result<json::object> read_object(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refused("file_unreadable", {path});
  std::string text(kMappingBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return refused("file_unreadable", {path});
  text.resize(static_cast<std::size_t>(file.gcount()));
  boost::system::error_code problem;
  const json::value value = json::parse(text, problem);
  if (problem || text.size() > kMappingBytesMax || !value.is_object()) return refused("mapping_broken");
  return value.get_object();
}

Result<ImportMapping::Texts> texts_in(const json::value& value, const std::string& member) {
  if (!value.is_object()) return refused("mapping_member", {member});
  ImportMapping::Texts texts;
  for (const auto& [name, text] : value.get_object()) {
    if (!text.is_string()) return refused("mapping_member", {member});
    texts[std::string(name)] = std::string(text.get_string());
  }
  return texts;
}

Status take_columns(ImportMapping& mapping, const json::value& value) {
  LANTAARN_ASSIGN(const auto columns, texts_in(value, "columns"));
  for (const auto& [column, field] : columns) mapping.columns.push_back({column, field});
  return {};
}

Status take_values(ImportMapping& mapping, const json::value& value) {
  if (!value.is_object()) return refused("mapping_member", {"values"});
  for (const auto& [field, texts] : value.get_object()) {
    LANTAARN_ASSIGN(mapping.values[std::string(field)], texts_in(texts, "values"));
  }
  return {};
}

Status take(ImportMapping& mapping, const std::string& member, const json::value& value) {
  if (member == "columns") return take_columns(mapping, value);
  if (member == "values") return take_values(mapping, value);
  if (member == "constants") {
    LANTAARN_ASSIGN(mapping.constants, texts_in(value, member));
    return {};
  }
  std::string* const text = member == "kind"           ? &mapping.kind
                            : member == "key"          ? &mapping.key
                            : member == "client_key"   ? &mapping.client_key
                            : member == "client_alias" ? &mapping.client_alias
                            : member == "dates"        ? &mapping.dates
                                                       : nullptr;
  if (text == nullptr || !value.is_string()) return refused("mapping_member", {member});
  *text = std::string(value.get_string());
  return {};
}

bool has_field(const ImportMapping& mapping, std::string_view field) {
  if (mapping.record == nullptr) return field == "alias" || field == "from" || model::is_client_field(field);
  // Two spellings for people, as on the command line.
  if (field == "euro") return mapping.record->field("cents") != nullptr;
  if (field == "hours") return mapping.record->field("minutes") != nullptr;
  return mapping.record->field(field) != nullptr;
}

Status check_fields(const ImportMapping& mapping) {
  const auto check = [&](const std::string& field) { return has_field(mapping, field) ? Status{} : refused("mapping_field", {field, mapping.kind}); };
  for (const auto& column : mapping.columns) LANTAARN_TRY(check(column.field));
  for (const auto& [field, texts] : mapping.values) LANTAARN_TRY(check(field));
  for (const auto& [field, text] : mapping.constants) LANTAARN_TRY(check(field));
  return {};
}

Status check_whom(const ImportMapping& mapping) {
  const bool names_client = !mapping.client_key.empty() || !mapping.client_alias.empty();
  if (mapping.record == nullptr) {
    if (names_client) return refused("mapping_member", {"client_key"});
    return mapping.key.empty() ? refused("mapping_needs", {"key"}) : Status{};
  }
  if (!mapping.key.empty()) return refused("mapping_member", {"key"});
  if (mapping.record->about == model::About::kProgramme && names_client) return refused("client_not_named_here");
  if (mapping.record->about == model::About::kClient && !names_client) return refused("mapping_needs", {"client_key"});
  return {};
}

std::string spellings() {
  std::string list;
  for (const auto spelling : kSpellings) list += (list.empty() ? "" : ", ") + std::string(spelling);
  return list;
}

// Digits of a part of the date, one or two where two are spelled.
std::optional<unsigned> take_number(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t digits = 0;
  unsigned number = 0;
  while (digits < most && digits < text.size() && text[digits] >= '0' && text[digits] <= '9') number = number * 10 + static_cast<unsigned>(text[digits++] - '0');
  if (digits < least) return std::nullopt;
  text.remove_prefix(digits);
  return number;
}

}  // namespace

bool ImportMapping::is_date(std::string_view field) const {
  if (record == nullptr) return field == "from";
  const model::RecordField* known = record->field(field);
  return known != nullptr && known->type == model::FieldType::kDate;
}

Result<ImportMapping> read_mapping(const std::string& path) {
  LANTAARN_ASSIGN(const json::object object, read_object(path));
  ImportMapping mapping;
  for (const auto& [member, value] : object) LANTAARN_TRY(take(mapping, std::string(member), value));
  if (mapping.kind.empty()) return refused("mapping_needs", {"kind"});
  if (mapping.columns.empty()) return refused("mapping_needs", {"columns"});
  if (mapping.kind != "client") {
    LANTAARN_ASSIGN(mapping.record, model::named_kind(mapping.kind));
  }
  LANTAARN_TRY(check_whom(mapping));
  LANTAARN_TRY(check_fields(mapping));
  if (std::find(std::begin(kSpellings), std::end(kSpellings), mapping.dates) == std::end(kSpellings)) return refused("mapping_dates", {spellings()});
  return mapping;
}

Result<std::string> date_as(std::string_view spelling, std::string_view text) {
  CivilDate date{};
  const bool packed = spelling == "yyyymmdd";
  while (!spelling.empty()) {
    const char part = spelling.front();
    const std::size_t letters = std::min(spelling.find_first_not_of(part), spelling.size());
    if (part != 'y' && part != 'm' && part != 'd') {
      if (!text.starts_with(part)) return refused("date_invalid");
      text.remove_prefix(1);
    } else {
      const auto number = take_number(text, part == 'y' || packed ? letters : 1, letters);
      if (!number) return refused("date_invalid");
      if (part == 'y') date.year = static_cast<int>(*number);
      else (part == 'm' ? date.month : date.day) = *number;
    }
    spelling.remove_prefix(letters);
  }
  const std::string written = to_string(date);
  if (!text.empty() || !parse_date(written)) return refused("date_invalid");
  return written;
}

}  // namespace lantaarn::server::admin
