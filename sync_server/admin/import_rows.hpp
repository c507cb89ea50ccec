#pragma once
// From the rows of somebody else's table to facts. Nothing is recorded here.
//
// Importing the same file again adds nothing, without a list of what was imported: a client's id is a hash of the server
// and her key in the file, a record's event holds nothing but what its row says (the day it is about for its time, a hash
// for its nonce, the server for its author). Both are looked up under every server whose register this one took over.

#include <set>

#include "common/base/civil_time.hpp"
#include "sync_server/admin/context.hpp"
#include "sync_server/admin/csv_file.hpp"
#include "sync_server/admin/import_mapping.hpp"

namespace lantaarn::server::admin {

inline constexpr std::size_t kImportRowsMax = 200'000;
inline constexpr std::size_t kImportKeyCharactersMax = 200;

/// What is wrong with a row. Never what stands in it.
struct RowProblem {
  std::uint64_t line = 0;
  std::string column;  ///< "" = the row as a whole
  std::string code;
};

struct ImportPlan {
  std::uint64_t rows = 0;
  std::uint64_t known = 0;          ///< rows that were imported before, or stand in the file twice
  std::vector<Bytes> events;        ///< encoded; one per row that is new
  std::vector<RowProblem> problems;
};

/// The id of the woman that a file calls `key`: BLAKE2b-128 of "lantaarn import client v1", server id, key.
[[nodiscard]] ClientId imported_client_id(const ServerId& server, std::string_view key);
/// A record's event as its row says it, on noon of its day.
[[nodiscard]] model::Event imported_record(const ServerId& server, const model::RecordKind& kind, const std::optional<ClientId>& client,
                                           const model::FieldValues& values, const CivilDate& day);

/// Reads the file through. kRefused those of read_csv, "import_column_missing" {column}, "csv_column_twice" {column},
/// "import_too_many" {most}; and errors of the registry.
[[nodiscard]] Result<ImportPlan> plan_import(Context& context, const ImportMapping& mapping, const std::string& path);

}  // namespace lantaarn::server::admin
