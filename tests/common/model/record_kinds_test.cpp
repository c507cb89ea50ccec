#include <catch2/catch.hpp>

#include <set>

#include "common/model/codes.hpp"
#include "common/model/limits.hpp"
#include "common/model/record_input.hpp"
#include "common/model/record_kinds.hpp"

using namespace lantaarn;
using namespace lantaarn::model;

namespace {

std::string refusal(const char* kind, const FieldValues& values) {
  const RecordKind* known = find_record_kind(kind);
  REQUIRE(known != nullptr);
  const Status checked = check_record(*known, values);
  return checked.ok() ? "" : checked.error().code;
}

FieldValues with(FieldValues values, const std::string& field, const std::string& value) {
  values[field] = value;
  return values;
}

}  // namespace

TEST_CASE("every row of the table is whole: its lists exist and what stands in clear is a field", "[model][records]") {
  std::set<std::string_view> kinds;
  for (const RecordKind& kind : record_kinds()) {
    INFO(kind.kind);
    CHECK(kinds.insert(kind.kind).second);
    std::set<std::string_view> fields;
    for (const RecordField& field : kind.fields) {
      INFO(field.name);
      CHECK(fields.insert(field.name).second);
      const bool lists = field.type == FieldType::kCode || field.type == FieldType::kCodes;
      CHECK(lists == !codes_of(field.codes).empty());
      const bool bounded = field.type == FieldType::kText || field.type == FieldType::kNumber || field.type == FieldType::kMinutes;
      CHECK(bounded == (field.max > 0));
    }
    const RecordField* day = kind.field(kind.day);
    REQUIRE(day != nullptr);
    CHECK((day->type == FieldType::kDate && day->required));
    for (const std::string_view clear : {kind.until, kind.code, kind.subcode, kind.amount}) {
      if (!clear.empty()) {
        // No text is ever in clear.
        REQUIRE(kind.field(clear) != nullptr);
        CHECK(kind.field(clear)->type != FieldType::kText);
      }
    }
    CHECK(static_cast<std::size_t>(kind.fields.size()) <= kFieldChangesMax);
  }
  CHECK(kinds.size() == 18);
}

TEST_CASE("a value is held to its type", "[model][records]") {
  struct Row {
    const char* kind;
    const char* field;
    std::string value;
    std::string code;
  };
  const Row rows[] = {
      {"appointment", "to", "sti_test", ""},
      {"appointment", "to", "pub", "unknown_code"},
      {"appointment", "attended", "yes", ""},
      {"appointment", "attended", "maybe", "yes_no_invalid"},
      {"appointment", "date", "2026-02-30", "date_invalid"},
      {"appointment", "date", "", "field_needed"},
      {"appointment", "colour", "red", "field_invalid"},
      {"visit_count", "visits", "0", ""},
      {"visit_count", "visits", std::to_string(kCountMax), ""},
      {"visit_count", "visits", std::to_string(kCountMax + 1), "number_invalid"},
      {"visit_count", "visits", "-1", "number_invalid"},
      {"visit_count", "visits", "007", "number_invalid"},
      {"budget_grant", "cents", "100000", ""},
      {"budget_grant", "cents", "1,000", "number_invalid"},
      {"hours", "minutes", "0", ""},
      {"hours", "minutes", "", ""},
      {"hours", "minutes", std::to_string(kHoursMinutesMax + 1), "minutes_invalid"},
      {"zrm_assessment", "housing", "1", ""},
      {"zrm_assessment", "housing", "5", ""},
      {"zrm_assessment", "housing", "0", "score_invalid"},
      {"zrm_assessment", "housing", "6", "score_invalid"},
      {"zrm_assessment", "housing", "", ""},
      {"consent", "scope", "f_act,ribw", ""},
      {"consent", "scope", "ribw,f_act", "field_invalid"},
      {"goal_step", "goal", "00112233445566778899aabbccddeeff", ""},
      {"goal_step", "goal", "001122", "id_invalid"},
      {"attention_note", "text", std::string(kAttentionCharactersMax, 'x'), ""},
      {"attention_note", "text", std::string(kAttentionCharactersMax + 1, 'x'), "text_too_long"},
      {"attention_note", "text", "\xff", "text_invalid"},
  };
  for (const Row& row : rows) {
    INFO(row.kind << " " << row.field << " " << row.value);
    const Status checked = check_record_field(*find_record_kind(row.kind), row.field, row.value);
    CHECK((checked.ok() ? "" : checked.error().code) == row.code);
  }
}

TEST_CASE("what is needed has to be there", "[model][records]") {
  CHECK(refusal("goal", {{"date", "2026-01-01"}, {"area", "housing"}, {"state", "active"}}) == "field_needed");
  CHECK(refusal("goal", {{"date", "2026-01-01"}, {"area", "housing"}, {"state", "active"}, {"text", "own room"}}).empty());
}

TEST_CASE("a Zelfredzaamheid-Matrix has the domains of its own version only", "[model][records]") {
  const FieldValues base = {{"date", "2026-01-01"}, {"trained", "yes"}, {"instrument", "zrm_2017"}};
  CHECK(refusal("zrm_assessment", base).empty());
  CHECK(refusal("zrm_assessment", with(base, "adl_basic", "3")).empty());
  CHECK(refusal("zrm_assessment", with(base, "adl", "3")) == "instrument_lacks");
  CHECK(refusal("zrm_assessment", with(with(base, "instrument", "zrm_2013"), "adl", "3")).empty());
  CHECK(refusal("zrm_assessment", with(with(base, "instrument", "zrm_2013"), "adl_basic", "3")) == "instrument_lacks");
  CHECK(zrm_domains("zrm_2017").size() == 13);
  CHECK(zrm_domains("zrm_2013").size() == 11);
}

TEST_CASE("a referral that started says when, and no date runs backwards", "[model][records]") {
  const FieldValues base = {{"announced", "2026-01-10"}, {"partner", "f_act"}, {"state", "waiting"}};
  CHECK(refusal("referral", base).empty());
  CHECK(refusal("referral", with(base, "state", "started")) == "field_needed");
  CHECK(refusal("referral", with(with(base, "state", "started"), "started", "2026-02-01")).empty());
  CHECK(refusal("referral", with(with(base, "state", "started"), "started", "2026-01-09")) == "dates_reversed");
  CHECK(refusal("referral", with(base, "state", "declined")) == "field_needed");
}

TEST_CASE("consent that was given says how and for whom", "[model][records]") {
  const FieldValues base = {{"date", "2026-01-01"}, {"state", "given"}};
  CHECK(refusal("consent", base) == "field_needed");
  CHECK(refusal("consent", with(with(base, "how", "oral"), "scope", "f_act")).empty());
  CHECK(refusal("consent", with(base, "state", "not_now")).empty());
}

TEST_CASE("an escalation without telling her first needs a reason", "[model][records]") {
  const FieldValues base = {{"date", "2026-01-01"}, {"to", "coordinator"}, {"question", "a bed"}, {"ends", "2026-02-01"}, {"told", "no"}};
  CHECK(refusal("escalation", base) == "woman_not_told");
  CHECK(refusal("escalation", with(base, "not_told_because", "not reachable")).empty());
  CHECK(refusal("escalation", with(base, "told", "yes")).empty());
}

TEST_CASE("an attention note may last ninety days and no more", "[model][records]") {
  const FieldValues base = {{"date", "2026-01-01"}, {"text", "likes to be called first"}, {"until", "2026-04-01"}};
  CHECK(refusal("attention_note", base).empty());
  CHECK(refusal("attention_note", with(base, "until", "2026-04-02")) == "attention_too_long");
}

TEST_CASE("what is typed becomes fields, in the units that are stored", "[model][records]") {
  const RecordKind& spending = *find_record_kind("budget_spending");
  const auto typed = [&](const std::string& word) {
    const auto values = typed_fields(spending, {"what=food", word});
    return values.ok() ? values->at("cents") : values.error().code;
  };
  CHECK(typed("cents=1250") == "1250");
  CHECK(typed("euro=12,50") == "1250");
  CHECK(typed("euro=12.5") == "1250");
  CHECK(typed("euro=12") == "1200");
  CHECK(typed("euro=12,505") == "number_invalid");
  CHECK(typed("euro=twelve") == "number_invalid");
  CHECK(typed("euro=12,") == "number_invalid");
  const RecordKind& hours = *find_record_kind("hours");
  CHECK(typed_fields(hours, {"hours=23.25"})->at("minutes") == "1395");
  CHECK(typed_fields(hours, {"hours=0"})->at("minutes") == "0");
  CHECK(typed_fields(hours, {"minutes="})->at("minutes").empty());
  CHECK(typed_fields(hours, {"minutes"}).error().code == "field_form");
  CHECK(typed_fields(hours, {"=5"}).error().code == "field_form");
  CHECK(typed_fields(hours, {"colour=red"}).error().args.at(1) == "colour");
  CHECK(typed_fields(*find_record_kind("consent"), {"scope=ribw,f_act"})->at("scope") == "f_act,ribw");
  CHECK(named_kind("planing").error().code == "unknown_kind");
}

TEST_CASE("what goes without saying is filled in, what was said stays", "[model][records]") {
  const CivilDate today = *parse_date("2026-11-22");
  FieldValues note = {{"date", "2026-11-01"}};
  fill_defaults(*find_record_kind("attention_note"), today, note);
  CHECK(note.at("until") == "2027-01-30");
  FieldValues goal = {{"state", "reached"}};
  fill_defaults(*find_record_kind("goal"), today, goal);
  CHECK((goal.at("state") == "reached" && goal.at("date") == "2026-11-22"));
}
