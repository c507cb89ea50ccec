// Tables without persons, for a spreadsheet, with a dictionary beside them.
#include <boost/json.hpp>
#include <filesystem>

#include "common/model/codes.hpp"
#include "common/model/record_input.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/csv_file.hpp"
#include "sync_server/admin/new_file.hpp"
#include "sync_server/admin/records.hpp"
#include "sync_server/admin/screen_words.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::string_view type_name(model::FieldType type) {
  switch (type) {
    case model::FieldType::kText: return "text";
    case model::FieldType::kCode: return "code";
    case model::FieldType::kCodes: return "codes";
    case model::FieldType::kDate: return "date";
    case model::FieldType::kCents: return "cents";
    case model::FieldType::kNumber: return "number";
    case model::FieldType::kMinutes: return "minutes";
    case model::FieldType::kYesNo: return "yes_no";
    case model::FieldType::kScore: return "score";
    case model::FieldType::kRecord: return "record";
  }
  return "text";
}

// "codes = what people read", so that the table can be read without this program.
std::string codes_in(const model::RecordField& field) {
  std::string list;
  const std::string kind(field.codes);
  for (const auto code : model::codes_of(kind)) {
    list += (list.empty() ? "" : "; ") + std::string(code) + " = " + code_word(kind, std::string(code));
  }
  return list;
}

Status write_dictionary(WholeFile& file, const model::RecordKind& kind) {
  LANTAARN_TRY(file.write(as_bytes(csv_row({"column", "type", "required", "meaning", "codes"}))));
  for (const model::RecordField& field : kind.fields) {
    const std::string name(field.name);
    LANTAARN_TRY(file.write(as_bytes(csv_row({name, std::string(type_name(field.type)), field.required ? "yes" : "no",
                                              words::text("field:" + name), codes_in(field)}))));
  }
  return {};
}

Result<std::uint64_t> write_table(Registry& registry, WholeFile& file, const model::RecordKind& kind, const RecordFilter& filter) {
  CsvFields names;
  for (const model::RecordField& field : kind.fields) names.emplace_back(field.name);
  LANTAARN_TRY(file.write(as_bytes(csv_row(names))));
  std::uint64_t rows = 0;
  LANTAARN_TRY(registry.records(filter, [&](const Record& record) -> Status {
    const model::FieldValues values = values_of(record);
    CsvFields cells;
    for (const std::string& name : names) {
      const auto found = values.find(name);
      cells.push_back(found == values.end() ? std::string() : found->second);
    }
    ++rows;
    return file.write(as_bytes(csv_row(cells)));
  }));
  return rows;
}

Result<RecordFilter> filter_of(const Arguments& arguments) {
  RecordFilter filter;
  filter.kind = arguments.one("kind");
  filter.from_date = arguments.one("from");
  filter.through_date = arguments.one("through");
  for (const std::string& date : {filter.from_date, filter.through_date}) {
    if (!date.empty() && !parse_date(date)) return refused("date_invalid");
  }
  return filter;
}

}  // namespace

Answer export_csv(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const model::RecordKind* kind, model::named_kind(arguments.one("kind")));
  if (kind->about != model::About::kProgramme) return refused("export_about_women");
  LANTAARN_ASSIGN(const RecordFilter filter, filter_of(arguments));
  const std::string path = arguments.one("file");
  const std::string beside = path + ".dictionary.csv";
  LANTAARN_ASSIGN(WholeFile table, WholeFile::begin(path));
  LANTAARN_ASSIGN(WholeFile dictionary, WholeFile::begin(beside));
  LANTAARN_TRY(write_dictionary(dictionary, *kind));
  LANTAARN_ASSIGN(const std::uint64_t rows, write_table(context.registry, table, *kind, filter));
  LANTAARN_TRY(dictionary.finish());
  if (const Status finished = table.finish(); !finished.ok()) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return finished.error();
  }
  return Output{json::object{{"kind", std::string(kind->kind)}, {"file", path}, {"dictionary", beside}, {"rows", rows}}};
}

}  // namespace lantaarn::server::admin
