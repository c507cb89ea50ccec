// Tables without persons leave for a spreadsheet; nothing about a woman does.
#include "common/model/record_kinds.hpp"
#include "sync_server/admin/csv_file.hpp"
#include "tests/sync_server/admin/office.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

Values export_of(const Office& office, const std::string& kind, const std::string& who = "Jan") {
  return Office::as(who, {{"kind", {kind}}, {"file", {office.folder.file("out.csv")}}});
}

}  // namespace

TEST_CASE("a table of the programme leaves with a dictionary beside it", "[export]") {
  Office office;
  for (const char* from : {"2026-09-01", "2026-10-01"}) {
    (void)office.told("record add", Office::as("Jan", {{"kind", {"hours"}}, {"fields", {std::string("from=") + from, "through=2026-10-31", "activity=core_team", "role=leader", "hours=7.5"}}}));
  }
  auto asked = export_of(office, "hours");
  asked["from"] = {"2026-09-15"};
  const auto told = office.told("export csv", asked);
  CHECK(support::conforms("lantaarn-server.export-csv", json::serialize(told)) == "");
  CHECK(support::read_file(office.folder.file("out.csv")) == "from,through,activity,role,minutes\r\n2026-10-01,2026-10-31,core_team,leader,450\r\n");
  const std::string dictionary = support::read_file(office.folder.file("out.csv.dictionary.csv"));
  CHECK(dictionary.starts_with("column,type,required,meaning,codes\r\nfrom,date,yes,"));
  CHECK(dictionary.find("core_team = ") != std::string::npos);
  CHECK(office.refusal("export csv", asked) == "file_exists");
}

TEST_CASE("a cell stays text in a spreadsheet", "[export]") {
  CHECK(csv_row({"=1+1", "+31", "-5", "@a", "\tx", "a=b", ""}) == "'=1+1,'+31,'-5,'@a,'\tx,a=b,\r\n");
  CHECK(csv_row({"a,b", "zei \"ja\"", "twee\nregels", "\"\""}) == "\"a,b\",\"zei \"\"ja\"\"\",\"twee\nregels\",\"\"\"\"\"\"\r\n");
  CHECK(csv_row({"=\"x\""}) == "\"'=\"\"x\"\"\"\r\n");
  Office office;
  (void)office.told("record add", Office::as("Jan", {{"kind", {"risk"}}, {"fields", {"text==HYPERLINK(\"x\")"}}}));
  (void)office.told("export csv", export_of(office, "risk"));
  CHECK(support::read_file(office.folder.file("out.csv")).find("\"'=HYPERLINK(\"\"x\"\")\"") != std::string::npos);
}

TEST_CASE("no kind that may name a woman leaves as a table", "[export]") {
  Office office;
  for (const auto& kind : model::record_kinds()) {
    INFO(kind.kind);
    if (kind.about == model::About::kProgramme) continue;
    CHECK(office.refusal("export csv", export_of(office, std::string(kind.kind), "Noor")) == "export_about_women");
  }
  for (const char* other : {"client", "contact", "follow_up"}) CHECK(office.refusal("export csv", export_of(office, other)) == "unknown_kind");
  CHECK_FALSE(std::filesystem::exists(office.folder.file("out.csv")));
}

TEST_CASE("a table leaves with the coordinator or the project lead only, for a reason", "[export]") {
  Office office;
  for (const char* who : {"Anna", "Bibi", "Fatma", "Ilse"}) CHECK(office.refusal("export csv", export_of(office, "hours", who)) == "role_not_allowed");
  auto nameless = export_of(office, "hours");
  nameless.erase("as");
  CHECK(office.refusal("export csv", nameless) == "as_needed");
  auto wrong = export_of(office, "hours");
  wrong["from"] = {"gisteren"};
  CHECK(office.refusal("export csv", wrong) == "date_invalid");
  CHECK(office.ask("export csv", export_of(office, "hours", "Noor")).ok());
}
