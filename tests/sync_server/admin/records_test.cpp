// Records on the command line: every kind, what follows from it, and who may.
#include "common/model/record_kinds.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;

namespace {

struct Example {
  const char* kind;
  std::vector<std::string> fields;
  const char* by = "Noor";
};

// One of each kind with as little as it takes.
const std::vector<Example>& examples() {
  static const std::vector<Example> kExamples = {
      {"appointment", {"to=sti_test", "attended=yes"}},
      {"goal", {"area=housing", "text=een eigen kamer"}},
      {"goal_step", {"goal=00112233445566778899aabbccddeeff", "text=inschrijven"}},
      {"zrm_assessment", {"instrument=zrm_2017", "trained=yes", "housing=2"}},
      {"referral", {"partner=f_act"}},
      {"time_out_stay", {"from=2026-11-10"}},
      {"consent", {"state=given", "how=oral", "scope=ribw,f_act"}},
      {"attention_note", {"text=liever eerst een bericht"}},
      {"escalation", {"to=coordinator", "question=is er een bed", "ends=2026-12-01", "told=yes"}},
      {"handover", {"from=GGD", "to=IrisZorg"}},
      {"budget_spending", {"what=food", "euro=12,50", "override=de toekenning volgt"}},
      {"budget_grant", {"from=2026-01-01", "euro=1000"}, "Jan"},
      {"tariff", {"what=time_out_day", "from=2023-01-01", "euro=139,27"}, "Jan"},
      {"bottleneck", {"what=housing_shortage", "since=2026-10-01"}, "Jan"},
      {"visit_count", {"visits=21"}, "Bibi"},
      {"hours", {"from=2026-10-01", "through=2026-10-31", "activity=core_team", "role=leader", "hours=7.5"}, "Jan"},
      {"risk", {"text=uitval van het team", "trend=same"}, "Jan"},
      {"planning_step", {"what=evaluation", "text=na twee jaar"}, "Jan"},
  };
  return kExamples;
}

Values typed(const Example& example) {
  Values values = Office::as(example.by, {{"kind", {example.kind}}, {"fields", example.fields}});
  if (model::find_record_kind(example.kind)->about == model::About::kClient) values["client"] = {"Roos"};
  return values;
}

void add_roos(Office& office) { (void)office.told("client add", Office::as("Noor", {{"alias", {"Roos"}}, {"primary", {"Anna"}}, {"intensity", {"intensive"}}})); }

std::string record_of(const boost::json::value& told) { return text(told, "record_id"); }

boost::json::object the_record(Office& office, const std::string& kind, const std::string& who = "Noor") {
  const auto list = office.told("records", Office::as(who, {{"kind", {kind}}}));
  REQUIRE(list.as_array().size() == 1);
  return list.as_array().front().as_object();
}

}  // namespace

TEST_CASE("every kind can be recorded, and shows where it belongs", "[records]") {
  Office office;
  add_roos(office);
  std::set<std::string> kinds, in_dossier, shown;
  for (const Example& example : examples()) {
    INFO(example.kind);
    kinds.insert(example.kind);
    (void)office.told("record add", typed(example));
    const auto listed = office.told("records", Office::as("Noor", {{"kind", {example.kind}}}));
    for (const auto& record : listed.as_array()) shown.insert(text(record, "kind"));
  }
  CHECK(kinds.size() == model::record_kinds().size());
  CHECK(shown == kinds);
  const auto dossier = office.told("client show", Office::as("Noor", {{"client", {"Roos"}}}));
  for (const auto& record : dossier.as_object().at("records").as_array()) in_dossier.insert(text(record, "kind"));
  for (const model::RecordKind& kind : model::record_kinds()) {
    INFO(kind.kind);
    CHECK(in_dossier.contains(std::string(kind.kind)) == (kind.about == model::About::kClient));
  }
}

TEST_CASE("what follows from a record is told with it", "[records]") {
  Office office;  // it is 22 November 2026
  add_roos(office);
  for (const Example& example : examples()) (void)office.told("record add", typed(example));
  const auto stay = the_record(office, "time_out_stay").at("derived").as_object();
  CHECK(stay.at("days").to_number<std::int64_t>() == 13);
  CHECK(stay.at("cents").to_number<std::int64_t>() == 13 * 139'27);
  CHECK(stay.at("warning").as_string() == "ends_soon");
  CHECK(the_record(office, "bottleneck").at("derived").as_object().at("waiting_days").to_number<std::int64_t>() == 52);
  const auto overview = office.told("overview").as_object().at("programme").as_object();
  CHECK(overview.at("flex_budget").as_object().at("balance_cents").to_number<std::int64_t>() == 100'000 - 1250);
  CHECK(overview.at("time_out").as_object().at("stays").to_number<std::int64_t>() == 1);
  CHECK(overview.at("visits").as_object().at("visits").to_number<std::int64_t>() == 21);
  CHECK(overview.at("hours").as_object().at("by_role").as_object().at("leader").as_object().at("minutes").to_number<std::int64_t>() == 450);
  CHECK(overview.at("handovers_open").to_number<std::int64_t>() == 1);
}

TEST_CASE("a change names what it saw, so that two who change one record unseen are seen", "[records]") {
  Office office;
  add_roos(office);
  const std::string record = record_of(office.told("record add", typed(examples()[4])));
  (void)office.told("record change", Office::as("Noor", {{"record", {record.substr(0, 8)}}, {"fields", {"state=waiting"}}}));
  auto changed = the_record(office, "referral");
  CHECK(changed.at("values").as_object().at("state").as_string() == "waiting");
  CHECK(changed.at("amended").as_bool());
  CHECK(office.refusal("record change", Office::as("Noor", {{"record", {record}}, {"fields", {"state=waiting"}}})) == "nothing_changed");
  CHECK(office.refusal("record change", Office::as("Noor", {{"record", {record}}, {"fields", {"state=started"}}})) == "field_needed");
  CHECK(office.refusal("record change", Office::as("Noor", {{"record", {record}}, {"fields", {"state=started", "started=2020-01-01"}}})) == "dates_reversed");
  (void)office.told("record retract", Office::as("Noor", {{"record", {record}}}));
  CHECK(office.told("records", Office::as("Noor", {{"kind", {"referral"}}})).as_array().empty());
  CHECK(office.refusal("record change", Office::as("Noor", {{"record", {record}}, {"fields", {"state=announced"}}})) == "record_retracted");
  CHECK(office.told("records", Office::as("Noor", {{"kind", {"referral"}}, {"retracted", {"1"}}})).as_array().size() == 1);
}

TEST_CASE("what is wrong is said in one word, and nothing is recorded", "[records]") {
  Office office;
  add_roos(office);
  const auto refusal = [&](const char* kind, std::vector<std::string> fields, const char* client = "Roos") {
    Values values = Office::as("Noor", {{"kind", {kind}}, {"fields", std::move(fields)}});
    if (client != nullptr) values["client"] = {client};
    return office.refusal("record add", values);
  };
  CHECK(refusal("refferal", {"partner=f_act"}) == "unknown_kind");
  CHECK(refusal("referral", {"partner=someone"}) == "unknown_code");
  CHECK(refusal("referral", {"colour=red"}) == "field_unknown");
  CHECK(refusal("referral", {"partner"}) == "field_form");
  CHECK(refusal("referral", {}) == "field_needed");
  CHECK(refusal("referral", {"partner=f_act"}, nullptr) == "client_needed");
  CHECK(refusal("risk", {"text=x"}) == "client_not_named_here");
  CHECK(refusal("referral", {"partner=f_act"}, "Nobody") == "client_not_found");
  CHECK(refusal("zrm_assessment", {"instrument=zrm_2013", "trained=yes", "adl_basic=3"}) == "instrument_lacks");
  CHECK(refusal("budget_spending", {"what=food", "euro=1"}) == "budget_overdrawn");
  CHECK(office.told("records", Office::as("Noor")).as_array().empty());
}

TEST_CASE("a case manager records for her own women only, and sees no other's records", "[records][roles]") {
  Office office;
  add_roos(office);
  const std::string record = record_of(office.told("record add", typed(examples()[4])));
  const auto as_iris = [&](Values values) { return Office::as("Iris", std::move(values)); };
  CHECK(office.refusal("record add", as_iris({{"kind", {"goal"}}, {"fields", {"area=housing", "text=x"}}, {"client", {"Roos"}}})) == "client_not_found");
  CHECK(office.refusal("record change", as_iris({{"record", {record}}, {"fields", {"state=waiting"}}})) == "record_not_found");
  CHECK(office.told("records", as_iris({{"kind", {"referral"}}})).as_array().empty());
  CHECK(office.told("records", Office::as("Anna", {{"kind", {"referral"}}})).as_array().size() == 1);
  CHECK(office.refusal("records", Office::as("Jan", {{"kind", {"referral"}}})) == "role_not_allowed");
  CHECK(office.refusal("records", Office::as("Fatma", {{"kind", {"referral"}}})) == "role_not_allowed");
  CHECK(office.refusal("records", {{"kind", {"referral"}}}) == "as_needed");
  CHECK(office.told("records", {{"kind", {"risk"}}}).as_array().empty());
}

TEST_CASE("January 2022 in the overview: a blank stays unknown, a dash is nil", "[records]") {
  Office office;
  const auto hours = [&](const char* activity, const char* role, const char* value) {
    (void)office.told("record add", Office::as("Jan", {{"kind", {"hours"}}, {"fields", {"from=2022-01-01", "through=2022-01-31", std::string("activity=") + activity, std::string("role=") + role, value}}}));
  };
  const char* activities[] = {"core_team", "project_group", "steering_committee", "governance"};
  const char* leader[] = {"hours=7.5", "hours=6", "hours=2.5", "hours=0.5"};
  const char* support[] = {"hours=1", "hours=0", "hours=3.5", "hours=1.5"};
  for (int i = 0; i < 4; ++i) {
    hours(activities[i], "leader", leader[i]);
    hours(activities[i], "support", support[i]);
  }
  hours("other_parties", "leader", "minutes=");
  hours("other_parties", "support", "hours=0");
  const auto roles = office.told("overview", {{"from", {"2022-01-01"}}, {"through", {"2022-01-31"}}}).as_object().at("programme").as_object().at("hours").as_object().at("by_role").as_object();
  CHECK(roles.at("leader").as_object().at("minutes").to_number<std::int64_t>() == 990);
  CHECK(roles.at("leader").as_object().at("unknown").to_number<std::int64_t>() == 1);
  CHECK(roles.at("support").as_object().at("minutes").to_number<std::int64_t>() == 360);
  CHECK(roles.at("support").as_object().at("unknown").to_number<std::int64_t>() == 0);
}

TEST_CASE("what leaves with an escalation is its minimum: no name stands in it", "[records]") {
  Office office;
  add_roos(office);
  const std::string record = record_of(office.told("record add", typed(examples()[8])));
  const auto message = office.told("escalation message", Office::as("Noor", {{"record", {record}}}));
  CHECK(text(message, "question") == "is er een bed");
  CHECK(boost::json::serialize(message).find("Roos") == std::string::npos);
  CHECK(message.as_object().size() == 6);
}
