#include "sync_server/admin/link_eval.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "common/words/words.hpp"
#include "sync_server/admin/csv_file.hpp"
#include "tests/support/json_schema.hpp"
#include "tests/support/temp_folder.hpp"

using namespace lantaarn;
using namespace lantaarn::server::admin;
using namespace lantaarn::support;
namespace json = boost::json;

namespace {

const std::string kHeader = "rec_id,first_name_1,first_name_2,last_name_1,last_name_2,birth_year,birth_month,birth_day,person_id\n";

class Files {
 public:
  std::string with(const std::string& content) {
    const std::string path = folder_.file("people.csv");
    write_file(path, content);
    return path;
  }
  std::string in_folder(const std::string& name) const { return folder_.file(name); }
  Answer evaluate(const std::string& content, const std::string& threshold = {}) {
    Arguments arguments{"link-eval", {{"file", {with(content)}}}};
    if (!threshold.empty()) arguments.values["threshold"] = {threshold};
    return evaluate_linkage(arguments);
  }
  json::object document(const std::string& content, const std::string& threshold = {}) {
    const Answer answer = evaluate(content, threshold);
    REQUIRE(answer.ok());
    CHECK(conforms("lantaarn-server.link-eval", json::serialize(answer->document)) == "");
    return answer->document.as_object();
  }
  Error refusal(const std::string& content) {
    const auto read = read_link_file(with(content));
    REQUIRE_FALSE(read.ok());
    CHECK(words::has_text(words::Language::kDutch, "error:" + read.error().code));
    return read.error();
  }

 private:
  TempFolder folder_;
};

}  // namespace

TEST_CASE("a file with its truth is scored", "[link_eval]") {
  Files files;
  const auto it = files.document(kHeader + "1,Gergana,,Petrova,,1990,4,11,a\n2,Gergana,,Petrova,,1990,4,11,a\n3,Ilse,,Wal,,1962,9,30,b\n");
  CHECK(it.at("records").to_number<int>() == 3);
  CHECK(it.at("true_pairs").to_number<int>() == 1);
  CHECK(it.at("pairs_proposed").to_number<int>() == 1);
  CHECK(it.at("precision").to_number<double>() == 1);
  CHECK(it.at("recall").to_number<double>() == 1);
  CHECK(it.at("false_merges").to_number<int>() == 0);
}

TEST_CASE("a wrong pair costs precision and is a false merge", "[link_eval]") {
  Files files;
  const auto it = files.document(kHeader + "1,Gergana,,Petrova,,1990,4,11,a\n2,Gergana,,Petrova,,1990,4,11,b\n");
  CHECK(it.at("precision").to_number<double>() == 0);
  CHECK(it.at("false_merges").to_number<int>() == 1);
  CHECK(files.document(kHeader + "1,Gergana,,Petrova,,1990,4,11,a\n2,Gergana,,Petrova,,1990,4,11,b\n", "1").at("pairs_proposed").to_number<int>() == 0);
}

TEST_CASE("without person_id there is nothing to score by", "[link_eval]") {
  Files files;
  const auto it = files.document("surname,given_name\nPetrova,Gergana\nPetrova,Gergana\n");
  for (const char* name : {"true_pairs", "pairs_found", "precision", "recall", "f1", "false_merges"}) CHECK(it.at(name).is_null());
  CHECK(it.at("review_band").is_number());
}

TEST_CASE("columns come in any order and unknown ones are passed over", "[link_eval]") {
  Files files;
  const auto file = read_link_file(files.with("\xEF\xBB\xBFPerson_ID,street,LAST_NAME,birth_day,first_name,birth_year,birth_month\r\n"
                                              "p1,\"Kade, 3\nboven\",van der Wal,11,Anna,1990,4\r\n\r\np2,,NA,x, Bea ,,\r\n"));
  REQUIRE(file.ok());
  REQUIRE(file->records.size() == 2);
  CHECK(file->records[0].family == std::vector<std::string>{"van der Wal"});
  CHECK(file->records[0].given == std::vector<std::string>{"Anna"});
  CHECK(file->records[0].birth_day == 11);
  CHECK(file->records[0].birth_year == 1990);
  CHECK(file->records[1].given == std::vector<std::string>{"Bea"});
  CHECK(file->records[1].family.empty());
  CHECK_FALSE(file->records[1].birth_day.has_value());
  CHECK(file->truth == std::vector<std::string>{"p1", "p2"});
}

TEST_CASE("a birth date in one column is understood", "[link_eval]") {
  Files files;
  const auto file = read_link_file(files.with("given_name;surname;date_of_birth\nAnna;Wal;19900411\nBea;Bos;1985-12-01\nIda;Kok;1985\n"));
  REQUIRE(file.ok());
  REQUIRE(file->records.size() == 3);
  CHECK(file->records[0].birth_year == 1990);
  CHECK(file->records[0].birth_month == 4);
  CHECK(file->records[1].birth_day == 1);
  CHECK_FALSE(file->records[2].birth_year.has_value());
  CHECK(file->truth.empty());
}

TEST_CASE("who has no person_id is a person of her own", "[link_eval]") {
  Files files;
  const auto it = files.document(kHeader + "1,Gergana,,Petrova,,1990,4,11,\n2,Gergana,,Petrova,,1990,4,11,\n");
  CHECK(it.at("true_pairs").to_number<int>() == 0);
}

TEST_CASE("a file that is not what it should be is refused with its line", "[link_eval]") {
  Files files;
  CHECK(files.refusal("").code == "csv_no_header");
  CHECK(files.refusal("\n\n").code == "csv_no_header");
  CHECK(files.refusal("rec_id,birth_year\n1,1990\n").code == "csv_no_names");
  CHECK(files.refusal("surname,surname\nWal,Bos\n").code == "csv_column_twice");
  const Error fields = files.refusal(kHeader + "1,Anna,,Wal,,1990,4,11,a\n2,Bea\n");
  CHECK(fields.code == "csv_row_fields");
  CHECK(fields.args == std::vector<std::string>{"3", "2", "9"});
  const Error after_break = files.refusal("surname,street\nWal,\"Kade\n3\"\nBos\n");
  CHECK(after_break.args.front() == "4");
  const Error bytes = files.refusal("surname\nWal\nB\xF6s\n");
  CHECK(bytes.code == "csv_not_utf8");
  CHECK(bytes.args == std::vector<std::string>{"3"});
  CHECK(files.refusal("surname\n\"Wal\n").code == "csv_broken");
  CHECK(files.refusal("surname\nW\"al\n").code == "csv_broken");
  CHECK(files.refusal(std::string("surname\nW\0l\n", 12)).code == "csv_not_utf8");
}

TEST_CASE("a file that is not there or is a folder is said to be unreadable", "[link_eval]") {
  Files files;
  CHECK(read_link_file(files.in_folder("absent.csv")).error().code == "file_unreadable");
  CHECK(read_link_file(files.in_folder("")).error().code == "file_unreadable");
}

TEST_CASE("a threshold is a number from 0 to 1", "[link_eval]") {
  Files files;
  for (const char* wrong : {"1.1", "-0.1", "half", "0,9", "nan", "0.9x"}) {
    INFO(wrong);
    const Answer answer = files.evaluate(kHeader, wrong);
    REQUIRE_FALSE(answer.ok());
    CHECK(answer.error().code == "threshold_invalid");
  }
  CHECK(files.document(kHeader, "0").at("pairs_proposed").to_number<int>() == 0);
}
