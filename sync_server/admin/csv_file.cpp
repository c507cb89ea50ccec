#include "sync_server/admin/csv_file.hpp"

#include <csv.h>

#include <fstream>

#include "common/model/fields.hpp"

namespace lantaarn::server::admin {
namespace {

/// One reading of one file. Handlers are never called from inside libcsv: an exception could not pass through it.
class CsvReader {
 public:
  explicit CsvReader(const CsvHandlers& handlers) : handlers_(handlers) {
    ready_ = csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) == 0;
  }
  ~CsvReader() {
    if (ready_) csv_free(&parser_);
  }
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // One line of the file, with its line end when it has one.
  Status take(std::string_view line) {
    if (!ready_) return retry("memory_short");
    if (++line_ == 1) line = first_line(line);
    if (fields_.empty()) row_line_ = line_;
    if (csv_parse(&parser_, line.data(), line.size(), on_field, on_row, this) != line.size()) return broken();
    return give_rows();
  }
  Status end() {
    if (csv_fini(&parser_, on_field, on_row, this) != 0) return broken();
    LANTAARN_TRY(give_rows());
    return expected_ == 0 ? Status(refused("csv_no_header")) : Status();
  }

 private:
  static void on_field(void* field, std::size_t bytes, void* self) noexcept {
    static_cast<CsvReader*>(self)->fields_.emplace_back(static_cast<const char*>(field), bytes);
  }
  static void on_row(int, void* self) noexcept {
    auto& reader = *static_cast<CsvReader*>(self);
    reader.rows_.push_back(std::move(reader.fields_));
    reader.fields_.clear();
  }

  std::string_view first_line(std::string_view line) {
    if (line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (line.find(',') == std::string_view::npos && line.find(';') != std::string_view::npos) csv_set_delim(&parser_, ';');
    return line;
  }
  Status broken() {
    if (csv_error(&parser_) == CSV_ENOMEM) return retry("memory_short");
    return refused("csv_broken", {std::to_string(row_line_)});
  }
  Status give_rows() {
    const std::vector<CsvFields> rows = std::move(rows_);
    rows_.clear();
    for (const CsvFields& row : rows) LANTAARN_TRY(give(row));
    return {};
  }
  Status give(const CsvFields& fields) {
    for (const std::string& field : fields) {
      if (!model::characters_in(field)) return refused("csv_not_utf8", {std::to_string(row_line_)});
    }
    if (expected_ == 0) {
      expected_ = fields.size();
      return handlers_.header(fields);
    }
    if (fields.size() != expected_) {
      return refused("csv_row_fields", {std::to_string(row_line_), std::to_string(fields.size()), std::to_string(expected_)});
    }
    return handlers_.row(row_line_, fields);
  }

  const CsvHandlers& handlers_;
  csv_parser parser_{};
  bool ready_ = false;
  CsvFields fields_;             // of the row that is being read
  std::vector<CsvFields> rows_;  // read, not yet given
  std::size_t expected_ = 0;
  std::uint64_t line_ = 0;
  std::uint64_t row_line_ = 0;
};

}  // namespace

Status read_csv(const std::string& path, const CsvHandlers& handlers) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return refused("file_unreadable", {path});
  CsvReader reader(handlers);
  std::uint64_t bytes = 0;
  for (std::string line; std::getline(file, line);) {
    if (!file.eof()) line.push_back('\n');
    bytes += line.size();
    if (bytes > kCsvBytesMax) return refused("csv_too_large", {std::to_string(kCsvBytesMax >> 20)});
    LANTAARN_TRY(reader.take(line));
  }
  if (file.bad()) return refused("file_unreadable", {path});
  return reader.end();
}

std::string csv_row(const CsvFields& fields) {
  constexpr std::string_view kFormulaBegins = "=+-@\t\r";
  std::string row;
  for (const std::string& field : fields) {
    if (&field != &fields.front()) row += ',';
    std::string cell = !field.empty() && kFormulaBegins.find(field.front()) != std::string_view::npos ? "'" + field : field;
    if (cell.find_first_of(",\"\r\n") == std::string::npos) {
      row += cell;
      continue;
    }
    for (std::size_t at = cell.find('"'); at != std::string::npos; at = cell.find('"', at + 2)) cell.insert(at, 1, '"');
    row += '"' + cell + '"';
  }
  return row + "\r\n";
}

}  // namespace lantaarn::server::admin
