// What was kept elsewhere comes in: looked at first, once, and never somebody who was erased.
#include "common/base/civil_time.hpp"
#include "tests/sync_server/admin/office.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
using model::Event;
namespace json = boost::json;

namespace {

const std::string kWomen = R"({"kind": "client", "key": "Nummer",
  "columns": {"Naam": "alias", "Status": "status", "Begeleiding": "intensity", "Begin": "from", "Contact": "primary_contact"},
  "values": {"status": {"Actief": "in_view"}, "intensity": {"Intensief": "intensive", "Licht": "light_supplementary"}},
  "dates": "dd-mm-yyyy"})";
const std::string kWomenFile =
    "Nummer;Naam;Status;Begeleiding;Begin;Contact\n"
    "7;Zehra;Actief;Intensief;3-2-2024;Anna\n"
    "8;Милена;Actief;Licht;15-11-2025;\n";
const std::string kScores = R"({"kind": "zrm_assessment", "client_key": "Nummer", "client_alias": "Naam",
  "columns": {"Datum": "date", "Wonen": "housing", "Geld": "finances"},
  "values": {"housing": {"nvt": ""}}, "constants": {"instrument": "zrm_2013", "trained": "yes"}, "dates": "dd-mm-yyyy"})";

struct Import {
  Office office;

  std::string file(const std::string& name, const std::string& content) {
    support::write_file(office.folder.file(name), content);
    return office.folder.file(name);
  }
  Values values(const std::string& content, const std::string& mapping, const std::vector<const char*>& flags = {}, const std::string& who = "Noor") {
    Values all = Office::as(who, {{"file", {file("in.csv", content)}}, {"mapping", {file("in.json", mapping)}}});
    for (const char* flag : flags) all[flag] = {"1"};
    return all;
  }
  json::object look(const std::string& content, const std::string& mapping, const std::vector<const char*>& flags = {}) {
    const auto told = office.told("import", values(content, mapping, flags));
    CHECK(support::conforms("lantaarn-server.import", json::serialize(told)) == "");
    return told.as_object();
  }
  json::object apply(const std::string& content, const std::string& mapping) { return look(content, mapping, {"apply"}); }
  std::string refusal(const std::string& content, const std::string& mapping, const std::vector<const char*>& flags = {}) {
    return office.refusal("import", values(content, mapping, flags));
  }
  std::int64_t women() { return static_cast<std::int64_t>(office.told("clients", Office::as("Noor")).as_array().size()); }
  json::array scores() { return office.told("records", Office::as("Noor", {{"kind", {"zrm_assessment"}}})).as_array(); }
  std::uint64_t events() { return *office.open().context().registry.event_count() - office.facts(Event::kDossierOpened).size(); }
};

std::int64_t number(const json::object& told, const char* name) { return told.at(name).to_number<std::int64_t>(); }

std::string problems(const json::object& told) {
  std::string all;
  for (const auto& one : told.at("errors").as_array()) {
    const auto& column = one.as_object().at("column");
    all += std::to_string(one.as_object().at("line").to_number<std::int64_t>()) + " " + (column.is_null() ? "-" : std::string(column.as_string())) + " " +
           text(one, "code") + "\n";
  }
  return all;
}

}  // namespace

TEST_CASE("a look says what would come in, and records nothing but that somebody looked", "[import]") {
  Import import;
  const auto before = import.events();
  const auto told = import.look(kWomenFile, kWomen);
  CHECK(number(told, "rows") == 2);
  CHECK(number(told, "added") == 2);
  CHECK_FALSE(told.at("applied").as_bool());
  CHECK(import.events() == before);
  REQUIRE(import.office.facts(Event::kDossierOpened).size() == 1);
  CHECK(import.office.facts(Event::kDossierOpened).front().dossier_opened().what() == "import");
  CHECK(import.women() == 0);
}

TEST_CASE("women come in with what their columns say, from their own day", "[import]") {
  Import import;
  CHECK(number(import.apply(kWomenFile, kWomen), "added") == 2);
  const auto shown = import.office.told("client show", Office::as("Noor", {{"client", {"zehra"}}}));
  const auto& client = shown.as_object().at("client").as_object();
  CHECK(text(client, "intensity") == "intensive");
  CHECK(text(client, "status") == "in_view");
  CHECK(text(client, "primary_contact_name") == "Anna");
  const auto added = import.office.open().context().registry.clear_clients();
  REQUIRE(added.ok());
  for (const auto& row : *added) CHECK((row.since_day == to_day_number({2024, 2, 3}) || row.since_day == to_day_number({2025, 11, 15})));
}

TEST_CASE("importing the same file again adds nothing, whoever does it", "[import]") {
  Import import;
  (void)import.apply(kWomenFile, kWomen);
  const std::string scores = "Nummer,Naam,Datum,Wonen,Geld\n7,,01-03-2024,2,nvt\n";
  const std::string right = "Nummer,Naam,Datum,Wonen,Geld\n7,,01-03-2024,2,3\n,милена,02-03-2024,nvt,1\n7,,01-03-2024,2,3\n";
  CHECK(problems(import.look(scores, kScores)) == "2 Geld score_invalid\n");
  const auto first = import.apply(right, kScores);
  CHECK(number(first, "added") == 2);
  CHECK(number(first, "known") == 1);
  const auto before = import.events();
  import.office.clock.advance_ms(86'400'000);
  (void)import.office.told("user add", {{"name", {"Eva"}}, {"role", {"coordinator"}}, {"as", {"Fatma"}}});
  for (const auto& [content, mapping] : {std::pair(right, kScores), std::pair(kWomenFile, kWomen)}) {
    const auto again = import.office.told("import", import.values(content, mapping, {"apply"}, "Eva")).as_object();
    CHECK(number(again, "added") == 0);
    CHECK(number(again, "known") == number(again, "rows"));
  }
  CHECK(import.events() == before + 1);
  CHECK(import.scores().size() == 2);
  CHECK(import.office.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool());
}

TEST_CASE("what is wrong is told by line, column and code, never by what it says", "[import]") {
  Import import;
  const std::string content =
      "Nummer;Naam;Status;Begeleiding;Begin;Contact\n"
      "1;Zehra;Actief;Intensief;3-2-2024;\n"
      "\n"
      "2;;Actief;;3-2-2024;\n"
      "3;Lena;Geheim;;3-2-2024;\n"
      "4;Lena;Actief;;31-02-2024;\n"
      "5;\"Lena\nRoos\";Actief;;3-2-2024;Wie Dan Ook\n"
      "1;Nog een;Actief;;3-2-2024;\n"
      ";Zonder;Actief;;3-2-2024;\n"
      "9;" + std::string(200'000, 'x') + ";Actief;;3-2-2024;\n";
  const auto told = import.look(content, kWomen);
  CHECK(problems(told) ==
        "4 Naam alias_empty\n5 Status unknown_code\n6 Begin date_invalid\n7 Contact user_not_found\n9 Nummer import_key_twice\n"
        "10 Nummer import_key_empty\n11 Naam alias_too_long\n");
  CHECK(number(told, "added") == 1);
  CHECK(number(told, "refused") == 7);
  for (const char* said : {"Geheim", "Wie Dan", "Lena"}) CHECK(json::serialize(told).find(said) == std::string::npos);
}

TEST_CASE("one wrong line refuses the whole file, unless it may be passed over", "[import]") {
  Import import;
  const std::string content = kWomenFile + "9;;Actief;;1-1-2024;\n";
  const Answer refused = import.office.ask("import", import.values(content, kWomen, {"apply"}));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "import_has_errors");
  CHECK(refused.error().args == std::vector<std::string>{"1", "4"});
  CHECK(import.women() == 0);
  CHECK(number(import.look(content, kWomen, {"apply", "skip-errors"}), "added") == 2);
  CHECK(import.women() == 2);
}

TEST_CASE("a woman who was erased is not brought back, nor is what was about her", "[import]") {
  Import import;
  (void)import.apply(kWomenFile, kWomen);
  const std::string scores = "Nummer,Naam,Datum,Wonen,Geld\n7,,01-03-2024,2,3\n";
  (void)import.apply(scores, kScores);
  const auto decided = import.office.told("erasure decide", Office::as("Noor", {{"client", {"Zehra"}}, {"ground", {"her_request"}}}));
  (void)import.office.told("erasure execute", Office::as("Fatma", {{"decision", {text(decided, "decision")}}}));
  CHECK(problems(import.look(kWomenFile, kWomen)) == "2 Nummer import_erased\n");
  CHECK(problems(import.look(scores, kScores)) == "2 Nummer import_erased\n");
  CHECK(import.refusal(kWomenFile, kWomen, {"apply"}) == "import_has_errors");
  (void)import.look(kWomenFile, kWomen, {"apply", "skip-errors"});
  CHECK(import.women() == 1);
  CHECK(import.scores().empty());
}

TEST_CASE("a row whose woman is unknown, or goes by a name that two have, is told and not guessed", "[import]") {
  Import import;
  (void)import.apply("Nummer;Naam;Status;Begeleiding;Begin;Contact\n1;Roos;;;;\n2;roos;;;;\n", kWomen);
  const std::string content = "Nummer,Naam,Datum,Wonen,Geld\n99,,01-03-2024,2,3\n,Roos,01-03-2024,2,3\n,Wie,01-03-2024,2,3\n2,Roos,01-03-2024,2,3\n";
  CHECK(problems(import.look(content, kScores)) == "2 Naam client_needed\n3 Naam client_ambiguous_here\n4 Naam client_not_found\n");
}

TEST_CASE("a record without its day is not given today's", "[import]") {
  Import import;
  (void)import.apply(kWomenFile, kWomen);
  CHECK(problems(import.look("Nummer,Naam,Datum,Wonen,Geld\n7,,,2,3\n", kScores)) == "2 Datum field_needed\n");
}

TEST_CASE("what is about the programme comes in too", "[import]") {
  Import import;
  const std::string mapping = R"({"kind": "hours", "columns": {"van": "from", "tot": "through", "uren": "hours"},
    "values": {"hours": {"–": "0"}}, "constants": {"activity": "core_team", "role": "leader"}})";
  CHECK(number(import.apply("van,tot,uren\n2021-08-01,2021-12-31,\"23,25\"\n2022-01-01,2022-01-31,–\n", mapping), "added") == 2);
  CHECK(import.office.told("records", {{"kind", {"hours"}}}).as_array().size() == 2);
}

TEST_CASE("a file that is no such table is refused as a whole", "[import]") {
  Import import;
  CHECK(import.refusal("", kWomen) == "csv_no_header");
  CHECK(import.refusal("7;Zehra;Actief;Intensief;3-2-2024;Anna\n", kWomen) == "import_column_missing");
  CHECK(import.refusal("Nummer;Naam;Naam;Status;Begeleiding;Begin;Contact\n", kWomen) == "csv_column_twice");
  CHECK(import.refusal(kWomenFile + "9;\xff;Actief;;;\n", kWomen) == "csv_not_utf8");
  CHECK(import.refusal(kWomenFile + "9;Lena\n", kWomen) == "csv_row_fields");
  auto missing = import.values(kWomenFile, kWomen);
  missing["file"] = {"/nonexistent.csv"};
  CHECK(import.office.refusal("import", missing) == "file_unreadable");
  CHECK(import.office.refusal("import", Office::as("Noor", {{"file", missing["file"]}})) == "usage");
}

TEST_CASE("only the coordinator imports", "[import]") {
  Import import;
  for (const char* who : {"Fatma", "Anna", "Bibi", "Jan", "Ilse"}) {
    CHECK(import.office.refusal("import", import.values(kWomenFile, kWomen, {}, who)) == "role_not_allowed");
  }
  CHECK(import.women() == 0);
}
