#pragma once
// Comma-separated files as people export them: RFC 4180, with or without a BOM, with ; where a Dutch spreadsheet puts it.
// Read row by row: a million rows never stand in memory here.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/base/result.hpp"

namespace lantaarn::server::admin {

inline constexpr std::uint64_t kCsvBytesMax = 512ULL << 20;

using CsvFields = std::vector<std::string>;

struct CsvHandlers {
  /// The first row that is not empty. An error ends the reading.
  std::function<Status(const CsvFields& names)> header;
  /// Every later row that is not empty; as many fields as the header has. `line` is where it begins, from 1.
  std::function<Status(std::uint64_t line, const CsvFields& fields)> row;
};

/// Errors: kRefused "file_unreadable" {path}, "csv_too_large" {MiB allowed}, "csv_no_header", "csv_not_utf8" {line},
/// "csv_broken" {line} (a quote that does not close or stands inside a field), "csv_row_fields" {line, fields, expected};
/// and those of the handlers.
[[nodiscard]] Status read_csv(const std::string& path, const CsvHandlers& handlers);

/// One row to write: RFC 4180, CRLF. A cell that a spreadsheet would take for a formula begins with an apostrophe.
[[nodiscard]] std::string csv_row(const CsvFields& fields);

}  // namespace lantaarn::server::admin
