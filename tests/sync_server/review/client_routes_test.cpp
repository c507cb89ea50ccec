// Finding a woman, her dossier in pieces, and who sees which.
#include <set>

#include "tests/sync_server/review/routes_page.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::review;
namespace json = boost::json;

namespace {

std::vector<std::string> found(RoutesPage& page, const std::string& user, const std::string& query) {
  std::vector<std::string> names;
  const auto document = page.get(user, "clients", {{"query", query}});
  for (const auto& client : document.as_object().at("clients").as_array()) {
    names.emplace_back(client.as_object().at("aliases").as_array().front().as_string());
  }
  return names;
}

// Every GET without a place in its path that this role may ask.
std::vector<std::string> gets_of(const std::string& role) {
  std::vector<std::string> paths;
  for (const std::string& allowed : allowed_to(role)) {
    const bool plain = allowed.starts_with("GET ") && allowed.find('{') == std::string::npos;
    const std::string path = plain ? allowed.substr(4) : "";
    if (plain && path != "backups" && !path.starts_with("session") && !path.starts_with("me/") && !path.starts_with("access-log")) paths.push_back(path);
  }
  return paths;
}

void write_about(RoutesPage& page, const std::string& client) {
  const auto add = [&](const char* kind, json::object fields) {
    (void)page.send("Noor", "POST", "clients/" + client + "/records", json::object{{"kind", kind}, {"fields", std::move(fields)}});
  };
  add("goal", {{"area", "housing"}, {"text", "een kamer"}});
  add("consent", {{"state", "given"}, {"how", "oral"}, {"scope", "ribw"}});
  add("attention_note", {{"text", "belt liever niet"}});
  add("time_out_stay", {{"from", "2026-11-10"}});
  add("budget_spending", {{"what", "food"}, {"cents", 1250}, {"override", "no grant yet"}, {"text", "voor Roos"}});
  add("escalation", {{"to", "coordinator"}, {"question", "wie belt?"}, {"ends", "2026-12-20"}, {"told", "yes"}});
  (void)page.send("Noor", "POST", "clients/" + client + "/follow-ups", json::object{{"due", "2026-11-20"}, {"text", "bellen"}, {"owner", "Anna"}});
}

}  // namespace

TEST_CASE("a name is found with typing errors, by its sound, by a beginning, and by a name given later", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roosmarijn");
  (void)page.add_woman("Ilona");
  (void)page.add_woman("Szonja");
  CHECK(found(page, "Noor", "roosmarijn") == std::vector<std::string>{"Roosmarijn"});
  CHECK(found(page, "Noor", "Rosmarijn") == std::vector<std::string>{"Roosmarijn"});
  CHECK(found(page, "Noor", "roos") == std::vector<std::string>{"Roosmarijn"});
  CHECK(found(page, "Noor", "Sonja") == std::vector<std::string>{"Szonja"});
  CHECK(page.detail == "Sonja");
  CHECK(page.opened.size() == 1);
  CHECK(found(page, "Noor", "Bernadet").empty());
  CHECK(found(page, "Noor", "") == std::vector<std::string>{"Ilona", "Roosmarijn", "Szonja"});
  page.office.clock.advance_ms(1000);  // names stand in order of time
  (void)page.send("Noor", "POST", "clients/" + roos + "/names", json::object{{"alias", "Bernadette"}});
  CHECK(found(page, "Noor", "Bernadet") == std::vector<std::string>{"Roosmarijn"});
}

TEST_CASE("a list of women comes in pieces, with how many there are", "[clients][routes]") {
  RoutesPage page;
  for (const char* name : {"Ada", "Bea", "Cis"}) (void)page.add_woman(name);
  const auto piece = page.get("Noor", "clients", {{"limit", "2"}, {"offset", "1"}}).as_object();
  CHECK(piece.at("total").to_number<int>() == 3);
  REQUIRE(piece.at("clients").as_array().size() == 2);
  CHECK(piece.at("clients").as_array()[0].as_object().at("aliases").as_array()[0].as_string() == "Bea");
  CHECK(page.refusal("Noor", "GET", "clients", nullptr, {{"limit", "many"}}) == "request_malformed");
}

TEST_CASE("a timeline is read to its end in pieces, the newest first, nothing twice", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  write_about(page, roos);
  std::set<std::string> seen;
  std::string before, last = "9999";
  std::size_t pieces = 0;
  while (true) {
    const auto piece = page.get("Anna", "clients/" + roos + "/timeline", {{"limit", "2"}, {"before", before}}).as_object();
    ++pieces;
    for (const auto& item : piece.at("items").as_array()) {
      CHECK(seen.insert(json::serialize(item)).second);
      CHECK(text(item, "at").substr(0, 10) <= last.substr(0, 10));
      last = text(item, "at");
    }
    if (piece.at("next").is_null()) break;
    before = std::string(piece.at("next").as_string());
  }
  CHECK(seen.size() == 7);
  CHECK(pieces == 4);
  CHECK(page.refusal("Anna", "GET", "clients/" + roos + "/timeline", nullptr, {{"before", "yesterday"}}) == "request_malformed");
}

TEST_CASE("a summary says what fits above a dossier", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}, {"second", "Bibi"}, {"intensity", "intensive"}});
  write_about(page, roos);
  const auto summary = page.get("Bibi", "clients/" + roos + "/summary").as_object();
  CHECK(summary.at("name").as_string() == "Roos");
  CHECK(summary.at("primary_contact_name").as_string() == "Anna");
  CHECK(summary.at("records").to_number<int>() == 6);
  CHECK(summary.at("follow_ups_open").to_number<int>() == 1);
  CHECK(summary.at("consent").as_object().at("state").as_string() == "given");
  CHECK(summary.at("attention").as_array()[0].as_object().at("text").as_string() == "belt liever niet");
  CHECK(page.refusal("Bibi", "GET", "clients/" + roos) == "role_not_allowed");
  page.office.clock.advance_ms(100LL * 24 * 3600 * 1000);
  CHECK(page.get("Bibi", "clients/" + roos + "/summary").as_object().at("attention").as_array().empty());
}

TEST_CASE("what is still to be done is planned, shown to whose it is, and done", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  const auto planned = page.send("Anna", "POST", "clients/" + roos + "/follow-ups", json::object{{"due", "2026-11-01"}, {"text", "bellen"}});
  const auto overdue = [&](const std::string& user) { return page.get(user, "overview").as_object().at("overdue").as_array(); };
  REQUIRE(overdue("Anna").size() == 1);
  CHECK(text(overdue("Anna")[0], "text") == "bellen");
  CHECK(overdue("Noor")[0].as_object().at("text").is_null());
  CHECK(text(overdue("Noor")[0], "client_id") == roos);
  CHECK(overdue("Jan")[0].as_object().at("client_id").is_null());
  const std::string id = text(planned, "follow_up_id");
  CHECK(page.refusal("Iris", "POST", "follow-ups/" + id + "/done") == "follow_up_not_found");
  (void)page.send("Anna", "POST", "follow-ups/" + id + "/done");
  CHECK(overdue("Anna").empty());
  CHECK(page.refusal("Anna", "POST", "follow-ups/" + id + "/done") == "nothing_changed");
}

TEST_CASE("a declared relation is nowhere: not found, not listed, not counted by name", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roosmarijn", {{"primary", "Noor"}, {"intensity", "intensive"}});
  const std::string roxy = page.add_woman("Roosmarijna", {{"primary", "Anna"}, {"intensity", "light_consultative"}});
  write_about(page, roos);
  (void)page.send("Noor", "POST", "review/link", json::object{{"client", roos}, {"other", roxy}, {"reason", "one"}});
  (void)page.send("Noor", "POST", "review/unlink", json::object{{"clients", json::array{roxy}}, {"reason", "two"}});
  const auto nowhere = [&](const std::string& shown) { return shown.find(roos) == std::string::npos && shown.find("\"Roosmarijn\"") == std::string::npos; };
  std::size_t somewhere = 0;
  for (const std::string& path : gets_of("coordinator")) somewhere += nowhere(json::serialize(page.get("Noor", path))) ? 0 : 1;
  CHECK(somewhere > 4);
  page.hidden["Noor"] = {*ClientId::parse_hex(roos)};
  for (const std::string& path : gets_of("coordinator")) {
    INFO(path);
    CHECK(nowhere(json::serialize(page.get("Noor", path))));
    for (const ClientId& client : page.opened) CHECK(client.hex() != roos);
  }
  CHECK(page.refusal("Noor", "GET", "clients/" + roos) == "relation_blocked");
  CHECK(page.refusal("Noor", "POST", "review/link", json::object{{"client", roos}, {"other", roxy}, {"reason", "one"}}) == "client_not_found");
}

TEST_CASE("a case manager's pages hold her own women and nobody else", "[clients][routes]") {
  RoutesPage page;
  const std::string hers = page.add_woman("Roosmarijn", {{"primary", "Anna"}, {"intensity", "intensive"}});
  const std::string other = page.add_woman("Szonja", {{"primary", "Iris"}, {"intensity", "intensive"}});
  write_about(page, hers);
  write_about(page, other);
  for (const std::string& path : gets_of("case_manager")) {
    const std::string shown = json::serialize(page.get("Anna", path));
    INFO(path);
    CHECK(shown.find(other) == std::string::npos);
    CHECK(shown.find("Szonja") == std::string::npos);
  }
  CHECK(found(page, "Anna", "") == std::vector<std::string>{"Roosmarijn"});
  CHECK(found(page, "Anna", "Szonja").empty());
  CHECK(page.refusal("Anna", "GET", "clients/" + other + "/timeline") == "client_not_found");
  CHECK(page.refusal("Anna", "PUT", "clients/" + hers + "/assignment", json::object{{"primary", "Iris"}, {"reason", "x"}}) == "role_not_allowed");
}

TEST_CASE("who counts money and who keeps the machine sees no woman anywhere", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roosmarijn", {{"primary", "Anna"}, {"intensity", "intensive"}});
  write_about(page, roos);
  const std::pair<const char*, const char*> people[] = {{"Jan", "project_lead"}, {"Fatma", "administrator"}, {"Ilse", "data_protection_officer"}};
  for (const auto& [name, role] : people) {
    for (const std::string& path : gets_of(role)) {
      const std::string shown = json::serialize(page.get(name, path));
      INFO(name << " " << path);
      CHECK(shown.find(roos) == std::string::npos);
      CHECK(shown.find("Roos") == std::string::npos);
    }
    CHECK(page.refusal(name, "GET", "clients") == "role_not_allowed");
    CHECK(page.refusal(name, "GET", "records", nullptr, {{"kind", "goal"}}) == "role_not_allowed");
  }
}

TEST_CASE("a change reaches the dossier, and an empty text takes a value away", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  (void)page.send("Noor", "PATCH", "clients/" + roos, json::object{{"safe_contact", "calling"}, {"intensity", "intensive"}, {"reason", "she said so"}});
  CHECK(text(page.get("Noor", "clients/" + roos + "/summary"), "safe_contact") == "calling");
  (void)page.send("Noor", "PATCH", "clients/" + roos, json::object{{"safe_contact", ""}, {"reason", "not any more"}});
  CHECK(page.get("Noor", "clients/" + roos + "/summary").as_object().at("safe_contact").is_null());
  (void)page.send("Noor", "PUT", "clients/" + roos + "/assignment", json::object{{"primary", "Iris"}, {"second", "Bibi"}, {"reason", "holiday"}});
  CHECK(text(page.get("Noor", "clients/" + roos + "/summary"), "primary_contact_name") == "Iris");
  CHECK(page.refusal("Noor", "PATCH", "clients/" + roos, json::object{{"status", "closed"}}) == "request_malformed");
  CHECK(page.refusal("Noor", "PATCH", "clients/" + roos, json::object{{"status", json::object()}, {"reason", "x"}}) == "request_malformed");
  CHECK(page.refusal("Noor", "POST", "clients", json::object{{"alias", "Roos"}}) == "alias_taken");
  CHECK(page.refusal("Noor", "POST", "clients", json::array{}) == "request_malformed");
}

TEST_CASE("an export holds all of her dossier and who looked at it", "[clients][routes]") {
  RoutesPage page;
  const std::string roos = page.add_woman("Roos", {{"primary", "Anna"}});
  write_about(page, roos);
  const auto document = page.get("Anna", "clients/" + roos + "/export").as_object();
  CHECK(document.at("records").as_array().size() == 6);
  CHECK(document.at("follow_ups").as_array().size() == 1);
  CHECK(document.contains("accesses"));
  CHECK(text(document.at("client"), "client_id") == roos);
}
