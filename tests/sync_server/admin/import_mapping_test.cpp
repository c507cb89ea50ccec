#include "sync_server/admin/import_mapping.hpp"

#include <catch2/catch.hpp>

#include "common/words/words.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;

namespace {

std::string problem(const std::string& text) {
  const support::TempFolder folder;
  support::write_file(folder.file("m.json"), text);
  const auto mapping = read_mapping(folder.file("m.json"));
  if (mapping.ok()) return "";
  CHECK(words::has_text(words::Language::kDutch, "error:" + mapping.error().code));
  return mapping.error().code;
}

std::string date(std::string_view spelling, std::string_view text) {
  const auto written = date_as(spelling, text);
  return written.ok() ? *written : written.error().code;
}

}  // namespace

TEST_CASE("a mapping says what each column is, and nothing that is not understood", "[import]") {
  CHECK(problem(R"({"kind": "client", "key": "nr", "columns": {"naam": "alias"}})").empty());
  CHECK(problem(R"({"kind": "referral", "client_key": "nr", "columns": {"d": "announced"}, "constants": {"partner": "f_act"}})").empty());
  CHECK(problem("[]") == "mapping_broken");
  CHECK(problem("{") == "mapping_broken");
  CHECK(problem(std::string(kMappingBytesMax + 1, ' ')) == "mapping_broken");
  CHECK(problem(R"({"kind": "client", "key": "nr", "columns": {"naam": "alias"}, "table": "x"})") == "mapping_member");
  CHECK(problem(R"({"kind": "client", "key": "nr", "columns": {"naam": 3}})") == "mapping_member");
  CHECK(problem(R"({"kind": "client", "columns": {"naam": "alias"}})") == "mapping_needs");
  CHECK(problem(R"({"kind": "client", "key": "nr"})") == "mapping_needs");
  CHECK(problem(R"({"kind": "bsn", "key": "nr", "columns": {"a": "b"}})") == "unknown_kind");
  CHECK(problem(R"({"kind": "client", "key": "nr", "columns": {"bsn": "bsn"}})") == "mapping_field");
  CHECK(problem(R"({"kind": "zrm_assessment", "columns": {"d": "date"}})") == "mapping_needs");
  CHECK(problem(R"({"kind": "hours", "client_key": "nr", "columns": {"d": "from"}})") == "client_not_named_here");
  CHECK(problem(R"({"kind": "client", "key": "nr", "columns": {"n": "alias"}, "dates": "long ago"})") == "mapping_dates");
}

TEST_CASE("dates are read as the file spells them, and only so", "[import]") {
  CHECK(date("dd-mm-yyyy", "3-2-2024") == "2024-02-03");
  CHECK(date("dd-mm-yyyy", "03-02-2024") == "2024-02-03");
  CHECK(date("mm/dd/yyyy", "03/02/2024") == "2024-03-02");
  CHECK(date("yyyymmdd", "20240203") == "2024-02-03");
  CHECK(date("yyyy-mm-dd", "2024-02-03") == "2024-02-03");
  for (const char* wrong : {"2024-02-03", "30-02-2024", "03-02-24", "03-02-2024 10:00", "03/02/2024", "-02-2024", "003-02-2024", ""}) {
    INFO(wrong);
    CHECK(date("dd-mm-yyyy", wrong) == "date_invalid");
  }
  CHECK(date("yyyymmdd", "2024023") == "date_invalid");
}
