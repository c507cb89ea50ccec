#pragma once
// What the columns of somebody else's table mean here: a JSON file that its owner writes once.

#include <map>
#include <string>
#include <vector>

#include "common/model/record_kinds.hpp"

namespace lantaarn::server::admin {

inline constexpr std::uint64_t kMappingBytesMax = 1024 * 1024;

struct ImportMapping {
  struct Column {
    std::string name;   ///< as the file's header has it
    std::string field;  ///< of the kind; for a client also "alias" and "from"
  };
  using Texts = std::map<std::string, std::string, std::less<>>;

  std::string kind;                            ///< "client", or a record's
  const model::RecordKind* record = nullptr;   ///< nullptr: clients
  std::string key;                             ///< of clients: the column that tells them apart
  std::string client_key, client_alias;        ///< of records: columns that say whom a row is about; "" = none
  std::vector<Column> columns;
  std::map<std::string, Texts, std::less<>> values;  ///< by field: what a cell says, what it is called here
  Texts constants;                             ///< by field
  std::string dates = "yyyy-mm-dd";            ///< how the file spells them

  [[nodiscard]] bool is_date(std::string_view field) const;
};

/// Members: "kind", "key" | "client_key" and/or "client_alias", "columns", "values", "constants", "dates".
/// kRefused "file_unreadable" {path}, "mapping_broken" (no JSON object, or too large), "mapping_member" {member},
/// "mapping_needs" {member}, "unknown_kind" {typed, the list}, "mapping_field" {field, kind}, "mapping_dates" {the list}.
[[nodiscard]] Result<ImportMapping> read_mapping(const std::string& path);

/// A date in the file's spelling as "2026-11-22". kRefused "date_invalid".
[[nodiscard]] Result<std::string> date_as(std::string_view spelling, std::string_view text);

}  // namespace lantaarn::server::admin
