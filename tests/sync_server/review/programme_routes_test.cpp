// Records of the programme, money, people and handhelds; and that every row can be asked.
#include <set>

#include "tests/sync_server/admin/delivering_handheld.hpp"
#include "tests/sync_server/review/routes_page.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::review;
namespace json = boost::json;

TEST_CASE("every route has one answerer and a rule that lets in some role, and stands once", "[routes]") {
  std::set<std::string> seen;
  for (const Route* route : all_routes()) {
    INFO(name_of(route->method) << " " << route->path);
    CHECK((route->run == nullptr) != (route->command == nullptr));
    CHECK(seen.insert(std::string(name_of(route->method)) + std::string(route->path)).second);
    if (route->rule.empty() || route->rule == kAnybody) continue;
    bool anybody = false;
    for (const char* role : {"case_manager", "coordinator", "administrator", "data_protection_officer", "project_lead"}) {
      anybody = anybody || admin::authorise(route->rule, role).ok();
    }
    CHECK(anybody);
  }
}

TEST_CASE("the project lead writes hours and risks, corrects them and takes them back, and nothing about a woman", "[programme][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  const auto added = page.send("Jan", "POST", "records", json::object{{"kind", "hours"}, {"fields", json::object{{"from", "2026-11-01"}, {"through", "2026-11-30"}, {"activity", "core_team"}, {"role", "leader"}, {"minutes", 90}}}});
  const std::string id = text(added, "record_id");
  const auto hours = [&] { return page.get("Jan", "hours").as_object().at("rows").as_array(); };
  REQUIRE(hours().size() == 1);
  CHECK(hours()[0].as_object().at("minutes").to_number<int>() == 90);
  (void)page.send("Jan", "PATCH", "records/" + id, json::object{{"fields", json::object{{"minutes", 120}}}, {"reason", "a typing error"}});
  CHECK(hours()[0].as_object().at("minutes").to_number<int>() == 120);
  (void)page.send("Jan", "DELETE", "records/" + id, json::object{{"reason", "twice"}});
  CHECK(hours().empty());
  CHECK(page.refusal("Jan", "POST", "clients/" + roos + "/records", json::object{{"kind", "goal"}, {"fields", json::object{{"text", "x"}}}}) == "role_not_allowed");
  CHECK(page.refusal("Jan", "POST", "records", json::object{{"kind", "goal"}, {"fields", json::object{{"area", "housing"}, {"text", "x"}}}}) == "role_not_allowed");
  CHECK(page.refusal("Jan", "POST", "records", json::object{{"kind", "hours"}, {"fields", json::array{}}}) == "request_malformed");
  const auto goal = page.send("Anna", "POST", "clients/" + roos + "/records", json::object{{"kind", "goal"}, {"fields", json::object{{"area", "housing"}, {"text", "een kamer"}}}});
  CHECK(page.refusal("Jan", "PATCH", "records/" + text(goal, "record_id"), json::object{{"fields", json::object{{"text", "y"}}}, {"reason", "z"}}) == "client_not_found");
}

TEST_CASE("stays and the flex budget of a year add up, with names for who may see her only", "[programme][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  const auto add = [&](const std::string& path, const char* kind, json::object fields) { (void)page.send("Noor", "POST", path, json::object{{"kind", kind}, {"fields", std::move(fields)}}); };
  add("clients/" + roos + "/records", "time_out_stay", {{"from", "2026-11-01"}, {"through", "2026-11-14"}});
  add("records", "budget_grant", {{"from", "2026-01-01"}, {"cents", 100000}});
  add("clients/" + roos + "/records", "budget_spending", {{"what", "food"}, {"cents", 1250}, {"text", "voor Roos"}});
  const auto stays = page.get("Noor", "programme/time-out").as_object();
  CHECK(stays.at("cents").to_number<int>() == 14 * 13927);
  CHECK(text(stays.at("stays").as_array()[0], "name") == "Roos");
  CHECK(page.get("Jan", "programme/time-out").as_object().at("stays").as_array()[0].as_object().at("name").is_null());
  CHECK(page.get("Iris", "programme/time-out").as_object().at("stays").as_array()[0].as_object().at("client_id").is_null());
  const auto budget = page.get("Jan", "programme/flex-budget").as_object();
  CHECK(budget.at("balance_cents").to_number<int>() == 98750);
  CHECK(json::serialize(budget).find("voor Roos") == std::string::npos);
  CHECK(json::serialize(page.get("Noor", "programme/flex-budget")).find("voor Roos") != std::string::npos);
  CHECK(page.get("Noor", "programme/flex-budget", {{"year", "2025"}}).as_object().at("balance_cents").to_number<int>() == 0);
  CHECK(page.refusal("Fatma", "GET", "programme/time-out") == "role_not_allowed");
}

TEST_CASE("a caseload shows who looks after whom", "[programme][routes]") {
  RoutesPage page;
  (void)page.add_woman("Roos", {{"primary", "Anna"}});
  (void)page.add_woman("Ilona");
  const auto all = page.get("Noor", "caseload").as_object();
  CHECK(all.at("unassigned").as_array().size() == 1);
  for (const auto& person : all.at("people").as_array()) CHECK(person.as_object().at("clients").as_array().size() == (text(person, "name") == "Anna" ? 1U : 0U));
  CHECK(page.get("Anna", "caseload").as_object().at("unassigned").as_array().empty());
}

TEST_CASE("handhelds and people are added and asked for by their ids, and a ticket comes with the answer", "[administration][routes]") {
  RoutesPage page;
  const auto added = page.ask("Fatma", "POST", "devices", json::object{{"name", "Lamp 3"}, {"users", json::array{"Anna"}}, {"server", "sync.example:7777"}});
  REQUIRE(added.ok());
  REQUIRE(added->files.size() == 1);
  CHECK(added->files[0].path == "lantaarn.ticket");
  const std::string id = text(added->document, "device_id");
  const auto iris = page.ask("Fatma", "POST", "devices/" + id + "/users", json::object{{"user", "Iris"}});
  REQUIRE(iris.ok());
  CHECK(iris->files.size() == 1);
  (void)page.send("Fatma", "POST", "devices/" + id + "/terms", json::object{{"lease_days", 5}, {"strict", true}, {"reason", "a new evening"}});
  const auto devices = page.get("Ilse", "devices").as_array();
  REQUIRE(devices.size() == 1);
  CHECK(devices[0].as_object().at("terms").as_object().at("lease_days").to_number<int>() == 5);
  CHECK(devices[0].as_object().at("terms").as_object().at("strict").as_bool());
  CHECK(page.refusal("Fatma", "POST", "devices/" + id + "/lock", json::object()) == "request_malformed");
  CHECK(page.refusal("Fatma", "POST", "devices/" + id + "/lock", json::object{{"reason", "lost for an hour"}}) == "device_not_enrolled");
  CHECK(page.get("Ilse", "devices/" + id + "/breach-sheet").as_object().at("women_names").is_null());
  CHECK(page.get("Noor", "devices/" + id + "/breach-sheet").as_object().at("women_names").is_array());
  (void)page.send("Fatma", "POST", "users", json::object{{"name", "Els"}, {"role", "case_manager"}});
  CHECK(json::serialize(page.get("Anna", "users")).find("Els") != std::string::npos);
  CHECK(page.refusal("Noor", "POST", "users", json::object{{"name", "Eva"}, {"role", "case_manager"}}) == "role_not_allowed");
}

TEST_CASE("the overview says which handheld is silent and what of it is missing", "[overview][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  admin::DeliveringHandheld handheld(page.office);
  (void)handheld.log_contact(roos);
  handheld.deliver();
  (void)page.office.told("merge");
  auto context = page.office.open().context();
  const auto logs = context.registry.logs_of(handheld.device).value();
  {
    auto change = context.registry.begin();
    REQUIRE(change.ok());
    REQUIRE((*change)->note_log(handheld.device, logs.front(), 4, 1).ok());
    REQUIRE((*change)->note_seen(handheld.device, page.office.clock.reading.wall_ms).ok());
    REQUIRE((*change)->commit().ok());
  }
  page.office.clock.advance_ms(20LL * 24 * 3600 * 1000);
  const auto overview = page.get("Jan", "overview").as_object();
  REQUIRE(overview.at("gaps").as_array().size() == 1);
  const auto gap = overview.at("gaps").as_array()[0].as_object();
  CHECK(gap.at("first").to_number<int>() == 2);
  CHECK(gap.at("last").to_number<int>() == 4);
  REQUIRE(overview.at("silent_handhelds").as_array().size() == 1);
  CHECK(overview.at("silent_handhelds").as_array()[0].as_object().at("days").to_number<int>() == 20);
  CHECK(overview.at("by_month").as_array().size() == 1);
  CHECK(overview.at("out_of_sight").as_object().at("own").as_array().empty());
  page.office.clock.advance_ms(60LL * 24 * 3600 * 1000);
  CHECK(page.get("Anna", "overview").as_object().at("out_of_sight").as_object().at("own").as_array().size() == 1);
}

TEST_CASE("what is asked of everybody answers to everybody", "[routes]") {
  RoutesPage page;
  CHECK(page.get("Ilse", "records/kinds").as_array().size() == 18);
  CHECK(page.get("Jan", "codes").as_object().at("channel").as_array().size() == 6);
  (void)page.send("Noor", "POST", "codes", json::object{{"list", "partner"}, {"code", "x_kringloop"}, {"nl", "Kringloop"}, {"en", "Second hand"}, {"reason", "new partner"}});
  CHECK(json::serialize(page.get("Jan", "codes")).find("x_kringloop") != std::string::npos);
  (void)page.send("Noor", "DELETE", "codes/partner/x_kringloop", json::object{{"reason", "closed"}});
  CHECK(page.get("Ilse", "retention").as_array().size() > 2);
  CHECK(page.get("Ilse", "erasures").as_array().empty());
  CHECK(page.get("Fatma", "keys").is_array());
  CHECK(page.get("Fatma", "keys/log").is_array());
  CHECK(text(page.get("Fatma", "health"), "state") != "critical");
  CHECK(page.get("Jan", "rounds").as_array().empty());
  CHECK(page.ask("Jan", "GET", "events").ok());
  CHECK(page.reply.is_stream);
  CHECK(page.refusal("Jan", "GET", "rounds", nullptr, {{"from", "yesterday"}}) == "date_invalid");
}

TEST_CASE("two people erase a dossier on the page, and the second sees nobody's name", "[administration][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roosmarijn");
  (void)page.send("Noor", "POST", "clients/" + roos + "/erasure", json::object{{"ground", "her_request"}, {"reason", "her letter"}});
  const auto erasures = page.get("Fatma", "erasures").as_array();
  REQUIRE(erasures.size() == 1);
  CHECK(json::serialize(erasures).find("Roosmarijn") == std::string::npos);
  const std::string path = "erasures/" + text(erasures[0], "decision") + "/execute";
  CHECK(page.refusal("Noor", "POST", path, json::object{{"reason", "x"}}) == "role_not_allowed");
  (void)page.send("Fatma", "POST", path, json::object{{"reason", "as decided"}});
  CHECK(page.get("Noor", "clients").as_object().at("total").to_number<int>() == 0);
}
