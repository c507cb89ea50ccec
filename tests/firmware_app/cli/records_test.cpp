#include <catch2/catch.hpp>
#include <chrono>

#include "common/base/civil_time.hpp"
#include "common/model/record_kinds.hpp"
#include "firmware_app/cli/record_words.hpp"
#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
using firmware::RecordView;
using firmware::cli::stay_warning;

namespace {

std::string text(const boost::json::value& object, const char* member) { return std::string(object.at(member).as_string()); }

std::string days_ago(int days) {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  return to_string(add_days(date_in_amsterdam(now.count()), -days));
}

struct OneWoman : Program {
  OneWoman() { her_id = text(ask("client-add", {"client", "add", "Roos"}), "client_id"); }
  boost::json::value add(const std::string& kind, const Words& fields) const {
    Words words = {"record", "add", kind, "--client", "roos"};
    words.insert(words.end(), fields.begin(), fields.end());
    return ask("record-add", words);
  }
  std::string her_id;
};

std::string warning_of(const std::string& from, const std::string& through, const char* today) {
  RecordView view;
  view.kind = "time_out_stay";
  view.fields = {{"from", from}, {"through", through}};
  const auto warning = stay_warning(view, *parse_date(today));
  if (!warning) return "";
  return (warning->state == model::StayState::kTooLong ? "too long, day " : "ends soon, day ") + std::to_string(warning->days);
}

}  // namespace

TEST_CASE("a record is added, changed, shown and retracted on the command line, as its contracts say", "[cli][records]") {
  const OneWoman program;
  const auto added = program.ask("record-add", {"record", "add", "appointment", "--client", "Roos", "to=sti_test", "date=2026-11-20", "attended=no"});
  CHECK(added.at("client_id") == program.her_id.c_str());
  CHECK(added.at("record_id") == added.at("event_id"));
  const std::string record = text(added, "record_id");
  const auto changed = program.ask("record-change", {"record", "change", record.substr(0, 8), "--reason", "zij ging wel", "attended=yes"});
  CHECK(changed.at("record_id") == added.at("record_id"));
  CHECK(changed.at("client_id") == program.her_id.c_str());

  const auto goal = text(program.ask("record-add", {"record", "add", "goal", "area=housing", "--client-id", program.her_id, "text=een kamer"}), "record_id");
  static_cast<void>(program.add("goal_step", {"goal=" + goal.substr(0, 8), "text=inschrijven"}));
  static_cast<void>(program.ask("record-add", {"record", "add", "budget_grant", "euro=1000"}));

  const auto records = program.ask("records", {"records"}).as_array();
  REQUIRE(records.size() == 4);
  CHECK(records[0].at("kind") == "appointment");
  CHECK(records[0].at("client") == "Roos");
  CHECK(records[0].at("fields").at("attended") == "yes");
  CHECK(records[0].at("amended") == true);
  CHECK(records[1].at("fields").at("date") == days_ago(0).c_str());
  CHECK(records[2].at("fields").at("goal") == goal.c_str());
  CHECK(records[3].at("client_id").is_null());
  CHECK(records[3].at("fields").at("cents") == "100000");
  CHECK(program.ask("records", {"records", "goal"}).as_array().size() == 1);
  CHECK(program.ask("records", {"records", "--client", "roos"}).as_array().size() == 3);
  CHECK(program.ask("records", {"records", "tariff"}).as_array().empty());

  static_cast<void>(program.ask("record-retract", {"record", "retract", record, "--reason", "verkeerde vrouw"}));
  CHECK(program.ask("records", {"records", "appointment"}).as_array()[0].at("retracted") == true);
  CHECK(program.refusal({"record", "change", record, "--reason", "r", "attended=no"}) == "1 record_retracted");
  CHECK(program.ask("records", {"records"}, "Maaike").as_array().empty());
}

TEST_CASE("what is agreed with a woman is beside her name", "[cli][records]") {
  const OneWoman program;
  static_cast<void>(program.add("attention_note", {"text=schrikt van bellen"}));
  static_cast<void>(program.add("attention_note", {"text=voorbij", "date=2020-01-01"}));
  static_cast<void>(program.add("consent", {"state=given", "how=oral", "scope=ribw,f_act", "date=2020-02-01"}));
  static_cast<void>(program.add("consent", {"state=withdrawn", "date=2020-03-01"}));
  static_cast<void>(program.ask("client-set", {"client", "set", "ROOS", "--safe-contact", "in_person_only", "--intensity", "intensive"}));
  static_cast<void>(program.ask("client-name", {"client", "name", program.her_id.substr(0, 8), "Roosje"}));
  const auto her = program.ask("clients", {"clients", "roosje"}).as_array().at(0);
  CHECK(her.at("safe_contact") == "in_person_only");
  CHECK(her.at("intensity") == "intensive");
  CHECK(her.at("consent").at("state") == "withdrawn");
  CHECK(her.at("consent").at("date") == "2020-03-01");
  REQUIRE(her.at("attention_notes").as_array().size() == 1);
  CHECK(her.at("attention_notes").as_array()[0].at("text") == "schrikt van bellen");

  Words words = {"clients"};
  const Words who = program.as("Noor");
  words.insert(words.end(), who.begin(), who.end());
  const std::string shown = program.run(words).out;
  for (const char* said : {"alleen persoonlijk", "toestemming: ingetrokken (2020-03-01)", "let op: schrikt van bellen"}) {
    INFO(shown);
    CHECK(shown.find(said) != std::string::npos);
  }
  CHECK(shown.find("voorbij") == std::string::npos);
  // Closing takes nothing with it that stays readable.
  static_cast<void>(program.ask("client-set", {"client", "set", "Roos", "--status", "closed", "--closed-reason", "moved", "--safe-contact", ""}));
  const auto closed = program.ask("clients", {"clients"}).as_array().at(0);
  CHECK(closed.at("closed_reason") == "moved");
  CHECK(closed.at("safe_contact").is_null());
}

TEST_CASE("a stay warns from its twelfth day, and when it is too long", "[cli][records]") {
  CHECK(warning_of("2026-11-01", "", "2026-11-11") == "");
  CHECK(warning_of("2026-11-01", "", "2026-11-12") == "ends soon, day 12");
  CHECK(warning_of("2026-11-01", "", "2026-11-14") == "ends soon, day 14");
  CHECK(warning_of("2026-11-01", "", "2026-11-15") == "too long, day 15");
  CHECK(warning_of("2026-11-01", "2026-11-14", "2026-11-02") == "");
  CHECK(warning_of("2026-11-01", "2026-11-14", "2026-11-12") == "ends soon, day 12");
  CHECK(warning_of("2026-11-01", "2026-11-15", "2026-11-02") == "too long, day 2");
  CHECK(warning_of("2026-11-01", "2026-11-14", "2026-11-15") == "");
  CHECK(warning_of("2026-11-20", "", "2026-11-02") == "");

  const OneWoman program;
  static_cast<void>(program.add("time_out_stay", {"from=" + days_ago(20), "through=" + days_ago(8)}));
  static_cast<void>(program.add("time_out_stay", {"from=" + days_ago(12)}));
  static_cast<void>(program.add("time_out_stay", {"from=" + days_ago(1), "through=" + days_ago(-30)}));
  const auto records = program.ask("records", {"records"}).as_array();
  std::vector<std::string> warnings;
  for (const auto& record : records) {
    warnings.push_back(record.at("warning").is_null() ? "null" : text(record, "warning"));
  }
  CHECK(warnings == std::vector<std::string>{"null", "ends_soon", "too_long"});
}

TEST_CASE("a record reads in words: amounts with their unit, scores by their level, yes and no", "[cli][records]") {
  const OneWoman program;
  static_cast<void>(program.add("budget_spending", {"what=clothing", "euro=12,50"}));
  static_cast<void>(program.add("zrm_assessment", {"instrument=zrm_2017", "trained=yes", "housing=2"}));
  static_cast<void>(program.ask("record-add", {"record", "add", "hours", "through=2999-01-01", "activity=core_team", "role=leader", "hours=23.25"}));
  Words words = {"records"};
  const Words who = program.as("Noor");
  words.insert(words.end(), who.begin(), who.end());
  const std::string shown = program.run(words).out;
  INFO(shown);
  for (const char* said : {"wat: kleding; € 12,50", "huisvesting: niet zelfredzaam", "door een getrainde beoordelaar: ja", "; 23,25 uur"}) {
    CHECK(shown.find(said) != std::string::npos);
  }
}

TEST_CASE("every kind is listed with its fields, in both languages", "[cli][records]") {
  const Program program;
  const auto kinds = program.ask("record-kinds", {"record", "kinds"}).as_array();
  REQUIRE(kinds.size() == model::record_kinds().size());
  CHECK(kinds[0].at("kind") == "appointment");
  CHECK(kinds[0].at("about") == "client");
  CHECK(kinds[0].at("nl") == "meegegaan");
  const auto& to = kinds[0].at("fields").as_array()[1];
  CHECK(to.at("required") == true);
  CHECK(to.at("list") == "appointment");
  CHECK(to.at("codes").as_array()[0].at("nl") == "soa-test");
}

TEST_CASE("help with an application or objection is an ordinary follow-up of its own kind", "[cli][records]") {
  const Program program;
  static_cast<void>(program.ask("log", log_words({"--client", "Roos", "--new"}, {"--follow-up", "2026-12-01:brief lezen", "--follow-up-kind", "legal_help"})));
  static_cast<void>(program.ask("log", log_words({"--client", "Roos"}, {"--follow-up", "2026-12-02:bellen"})));
  const auto follow_ups = program.ask("follow-ups", {"follow-ups"}).as_array();
  CHECK(follow_ups[0].at("kind") == "legal_help");
  CHECK(follow_ups[1].at("kind") == "ordinary");
  CHECK(program.refusal(log_words({"--client", "Roos"}, {"--follow-up-kind", "legal_help"})) == "2 usage");
  CHECK(program.refusal(log_words({"--client", "Roos"}, {"--follow-up", "2026-12-01:x", "--follow-up-kind", "permit"})) == "1 unknown_code");
}

TEST_CASE("what cannot be written down is refused with a code, and leaves nothing", "[cli][records]") {
  const OneWoman program;
  CHECK(program.refusal({"record", "add", "diary", "text=x"}) == "1 unknown_kind");
  CHECK(program.refusal({"record", "add", "appointment", "to=intake"}) == "1 client_needed");
  CHECK(program.refusal({"record", "add", "tariff", "--client", "Roos", "what=time_out_day", "cents=1"}) == "1 client_not_named_here");
  CHECK(program.refusal({"record", "add", "appointment", "--client", "Liv", "to=intake"}) == "1 client_unknown");
  CHECK(program.refusal({"record", "add", "appointment", "--client", "Roos", "--client-id", program.her_id, "to=intake"}) == "2 usage");
  CHECK(program.refusal({"record", "add", "appointment", "--client", "Roos", "to"}) == "1 field_form");
  CHECK(program.refusal({"record", "add", "appointment", "--client", "Roos", "colour=red"}) == "1 field_unknown");
  CHECK(program.refusal({"record", "add", "appointment", "--client", "Roos"}) == "1 field_needed");
  CHECK(program.refusal({"record", "add", "goal_step", "--client", "Roos", "goal=abcdef", "text=x"}) == "1 record_not_found");
  CHECK(program.refusal({"record", "add", "goal", "--client", "Roos", "area=housing", "text=a\x1b[2J"}) == "1 text_control");
  CHECK(program.refusal({"record", "add"}) == "2 usage");
  CHECK(program.refusal({"record", "change", "abcdef", "--reason", "r", "text=x"}) == "1 record_not_found");
  CHECK(program.refusal({"record", "change", "abc", "--reason", "r"}) == "1 id_invalid");
  CHECK(program.refusal({"record", "retract", "abcdef"}) == "2 usage");
  CHECK(program.refusal({"records", "diary"}) == "1 unknown_kind");
  CHECK(program.refusal({"client", "set", "Roos"}) == "1 nothing_changed");
  CHECK(program.refusal({"client", "set", "Roos", "--intensity", "heavy"}) == "1 unknown_code");
  CHECK(program.refusal({"client", "set", "Liv", "--status", "closed"}) == "1 client_unknown");
  CHECK(program.refusal({"client", "name", "Roos", "Roos"}) == "1 nothing_changed");
  CHECK(program.refusal({"client", "name", "Roos", ""}) == "1 alias_empty");
  CHECK(program.ask("records", {"records"}).as_array().empty());
}
