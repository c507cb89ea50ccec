#pragma once
// link-eval: how well the matcher does on a file whose truth is known. It reads that file and nothing of any registry.

#include "sync_server/admin/arguments.hpp"
#include "sync_server/admin/output.hpp"
#include "sync_server/linkage/record.hpp"

namespace lantaarn::server::admin {

/// Records of a file, and whose each is.
struct LinkFile {
  std::vector<linkage::LinkRecord> records;
  std::vector<std::string> truth;  ///< empty when the file does not say; a record without a person is a person of its own
};

/// Columns in any order and case, unknown ones ignored: rec_id · first_name_1, first_name_2, first_name or given_name ·
/// last_name_1, last_name_2, last_name or surname · preferred_name · birth_year, birth_month, birth_day, or
/// date_of_birth (YYYYMMDD or YYYY-MM-DD) · person_id. What is empty or NA, or a birth part that is no number, is missing.
/// Errors: those of read_csv; kRefused "csv_no_names", "csv_column_twice" {column}.
[[nodiscard]] Result<LinkFile> read_link_file(const std::string& path);

/// `file`, and optionally `threshold` (0 … 1). Errors: those of read_link_file; kRefused "threshold_invalid".
[[nodiscard]] Answer evaluate_linkage(const Arguments& arguments);

}  // namespace lantaarn::server::admin
