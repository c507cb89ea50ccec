// Links between clients and between contacts, erasure, and the ends of terms, as commands.
#include <set>

#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
namespace json = boost::json;

namespace {

std::string add_client(Office& office, const char* alias, Values more = {}) {
  more["alias"] = {alias};
  return text(office.told("client add", Office::as("Noor", std::move(more))), "client_id");
}

std::set<std::string> clients_listed(Office& office) {
  std::set<std::string> names;
  const auto listed = office.told("clients", Office::as("Noor"));
  for (const auto& client : listed.as_array()) names.insert(std::string(client.as_object().at("aliases").as_array().front().as_string()));
  return names;
}

std::int64_t in_view(Office& office) { return office.told("overview").as_object().at("in_view").to_number<std::int64_t>(); }

void link(Office& office, const std::string& a, const std::string& b) { (void)office.told("client link", Office::as("Noor", {{"client", {a}}, {"other", {b}}})); }

void add_goal(Office& office, const char* client, const char* text) {
  (void)office.told("record add", Office::as("Noor", {{"kind", {"goal"}}, {"client", {client}}, {"fields", {"area=housing", std::string("text=") + text}}}));
}

std::size_t records_of(Office& office, const std::string& client) {
  return office.told("client show", Office::as("Noor", {{"client", {client}}})).as_object().at("records").as_array().size();
}

}  // namespace

TEST_CASE("linked entries are read as one woman, and are as they were when unlinked", "[links]") {
  Office office;
  const std::string roos = add_client(office, "Roos", {{"intensity", {"intensive"}}});
  const std::string roosje = add_client(office, "Roosje");
  (void)add_client(office, "Ilona");
  add_goal(office, "Roos", "een kamer");
  add_goal(office, "Roosje", "een baan");
  CHECK(in_view(office) == 3);
  link(office, roos, roosje);
  CHECK(in_view(office) == 2);
  CHECK(clients_listed(office).size() == 2);
  CHECK(records_of(office, "Roos") == 2);
  CHECK(records_of(office, "Roosje") == 2);
  CHECK(office.refusal("client link", Office::as("Noor", {{"client", {roos}}, {"other", {roosje}}})) == "nothing_changed");
  (void)office.told("client unlink", Office::as("Noor", {{"clients", {"Roosje"}}}));  // by the name that was hers
  CHECK(in_view(office) == 3);
  CHECK(records_of(office, "Roos") == 1);
  CHECK(records_of(office, "Roosje") == 1);
  CHECK(office.refusal("client unlink", Office::as("Noor", {{"clients", {roosje}}})) == "not_linked");
}

TEST_CASE("a cluster can be split anywhere, and what was split is not joined by a way round", "[links]") {
  Office office;
  const std::string a = add_client(office, "Ada"), b = add_client(office, "Bea"), c = add_client(office, "Cis");
  link(office, a, b);
  link(office, b, c);
  CHECK(in_view(office) == 1);
  (void)office.told("client unlink", Office::as("Noor", {{"clients", {c}}}));
  CHECK(in_view(office) == 2);
  // C is said not to be A: a link to B would join them all the same, so nobody is joined until somebody chooses.
  const auto told = office.told("client link", Office::as("Noor", {{"client", {b}}, {"other", {c}}}));
  CHECK_FALSE(told.as_object().at("joined").as_bool());
  CHECK(in_view(office) == 3);
}

TEST_CASE("two values of one linked woman are a case, which one change settles", "[links]") {
  Office office;
  const std::string a = add_client(office, "Ada", {{"intensity", {"intensive"}}});
  const std::string b = add_client(office, "Bea", {{"intensity", {"light_consultative"}}});
  link(office, a, b);
  CHECK(office.told("review", Office::as("Noor")).as_array().size() == 1);
  (void)office.told("client set", Office::as("Noor", {{"client", {"Ada"}}, {"intensity", {"intensive"}}}));
  CHECK(office.told("review", Office::as("Noor")).as_array().empty());
}

TEST_CASE("only the coordinator links, for a reason", "[links][roles]") {
  Office office;
  const std::string a = add_client(office, "Ada"), b = add_client(office, "Bea");
  CHECK(office.refusal("client link", Office::as("Anna", {{"client", {a}}, {"other", {b}}})) == "role_not_allowed");
  CHECK(office.refusal("client link", {{"client", {a}}, {"other", {b}}, {"as", {"Noor"}}}) == "reason_needed");
  CHECK(office.refusal("client link", Office::as("Noor", {{"client", {a}}, {"other", {a}}})) == "same_twice");
  CHECK(office.refusal("client link", Office::as("Noor", {{"client", {a}}, {"other", {"Nobody"}}})) == "client_not_found");
}

TEST_CASE("an erased woman is gone from everything but the counts, and from the files", "[erasure]") {
  Office office;
  const std::string roos = add_client(office, "Roosmarijn");
  const std::string roosje = add_client(office, "Roosje");
  (void)add_client(office, "Ilona");
  add_goal(office, "Roosmarijn", "kanariekooi");
  link(office, roos, roosje);
  const auto decided = office.told("erasure decide", Office::as("Noor", {{"client", {"Roosje"}}, {"ground", {"her_request"}}}));
  const std::string decision = text(decided, "decision");
  CHECK(clients_listed(office).size() == 2);
  CHECK(office.refusal("erasure execute", Office::as("Noor", {{"decision", {decision}}})) == "role_not_allowed");
  CHECK(office.refusal("erasure decide", Office::as("Fatma", {{"client", {"Roosje"}}, {"ground", {"her_request"}}})) == "role_not_allowed");
  (void)office.told("erasure execute", Office::as("Fatma", {{"decision", {decision.substr(0, 10)}}}));
  CHECK(clients_listed(office) == std::set<std::string>{"Ilona"});
  CHECK(in_view(office) == 1);
  CHECK(office.told("records", Office::as("Noor", {{"kind", {"goal"}}})).as_array().empty());
  CHECK(office.refusal("erasure execute", Office::as("Fatma", {{"decision", {decision}}})) == "nothing_changed");
  const auto erasures = office.told("erasures");
  REQUIRE(erasures.as_array().size() == 1);
  CHECK(text(erasures.as_array().front(), "state") == "pending");
  CHECK_FALSE(erasures.as_array().front().as_object().at("remains").as_array().empty());
  CHECK(office.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool());
  // Every key that sealed her is destroyed: nothing of hers can be opened, whatever the file still holds.
  auto& open = office.open();
  for (const auto& id : {roos, roosje}) {
    const auto about = open.context().registry.entries_about(*ClientId::parse_hex(id));
    REQUIRE(about.ok());
    CHECK(about->empty());
  }
}

TEST_CASE("a decision to erase is not stretched to whoever was linked after it", "[erasure]") {
  Office office;
  const std::string roos = add_client(office, "Roos"), ilona = add_client(office, "Ilona");
  const std::string decision = text(office.told("erasure decide", Office::as("Noor", {{"client", {"Roos"}}, {"ground", {"her_request"}}})), "decision");
  link(office, roos, ilona);
  CHECK(office.refusal("erasure execute", Office::as("Fatma", {{"decision", {decision}}})) == "decision_outdated");
  CHECK(in_view(office) == 1);
  (void)office.told("client unlink", Office::as("Noor", {{"clients", {ilona}}}));
  (void)office.told("erasure execute", Office::as("Fatma", {{"decision", {decision}}}));
  CHECK(clients_listed(office) == std::set<std::string>{"Ilona"});
}

TEST_CASE("what has reached the end of its term is listed, and ended once somebody applies it", "[retention]") {
  Office office;
  (void)add_client(office, "Roos");
  (void)office.told("record add", Office::as("Noor", {{"kind", {"attention_note"}}, {"client", {"Roos"}}, {"fields", {"date=2026-08-01", "text=belt liever niet"}}}));
  (void)office.told("record add", Office::as("Noor", {{"kind", {"attention_note"}}, {"client", {"Roos"}}, {"fields", {"text=nieuw nummer"}}}));
  const auto due = [&](const char* retention, const char* what = "records") {
    const auto listed = office.told("retention", Office::as("Fatma", {{"due", {"1"}}}));
    for (const auto& row : listed.as_array()) {
      if (text(row, "retention") == retention) return row.as_object().at(what).to_number<std::int64_t>();
    }
    return std::int64_t{-1};
  };
  CHECK(due("attention") == 1);
  CHECK(office.refusal("retention", Office::as("Fatma")) == "usage");
  (void)office.told("retention", Office::as("Fatma", {{"apply", {"1"}}}));
  CHECK(due("attention") == 0);
  CHECK(office.told("records", Office::as("Noor", {{"kind", {"attention_note"}}})).as_array().size() == 1);
  CHECK(office.told("rebuild", {{"verify", {"1"}}}).as_object().at("agrees").as_bool());

  SECTION("a closed record ends when the customer's term is over, and not before") {
    (void)office.told("client set", Office::as("Noor", {{"client", {"Roos"}}, {"status", {"closed"}}, {"closed-reason", {"moved"}}}));
    CHECK(due("care", "dossiers") == 0);
    (void)office.told("retention set", Office::as("Noor", {{"retention", {"care"}}, {"days", {"10"}}}));
    office.clock.advance_ms(10LL * 24 * 3600 * 1000);
    CHECK(due("care", "dossiers") == 0);
    office.clock.advance_ms(24LL * 3600 * 1000);
    CHECK(due("care", "dossiers") == 1);
    (void)office.told("retention", Office::as("Fatma", {{"apply", {"1"}}}));
    CHECK(clients_listed(office).empty());
    CHECK(text(office.told("erasures").as_array().front(), "ground") == "retention");
  }
}

TEST_CASE("a term is one of the list and a number of days", "[retention]") {
  Office office;
  CHECK(office.refusal("retention set", Office::as("Noor", {{"retention", {"forever"}}, {"days", {"1"}}})) == "unknown_code");
  CHECK(office.refusal("retention set", Office::as("Noor", {{"retention", {"care"}}, {"days", {"-1"}}})) == "number_invalid");
  CHECK(office.refusal("retention set", Office::as("Noor", {{"retention", {"care"}}, {"days", {"99999"}}})) == "number_invalid");
}

TEST_CASE("the matcher proposes with its reasons, and never again what was kept apart", "[links][matches]") {
  Office office;
  const std::string roxy = add_client(office, "Roxy"), roxi = add_client(office, "Roxi");
  (void)add_client(office, "Ilona");
  const auto set = [&](const char* client) {
    (void)office.told("client set", Office::as("Noor", {{"client", {client}}, {"family-names", {"Ionescu"}}, {"birth-year", {"1988"}}, {"birth-month", {"4"}}, {"birth-day", {"9"}}}));
  };
  set("Roxy");
  set("Roxi");
  const auto matches = office.told("matches", Office::as("Noor"));
  REQUIRE(matches.as_array().size() == 1);
  CHECK(matches.as_array().front().as_object().at("proposed").as_bool());
  CHECK(text(matches.as_array().front(), "en").find("Ionescu") != std::string::npos);
  CHECK(office.refusal("matches", Office::as("Anna")) == "role_not_allowed");
  (void)office.told("client apart", Office::as("Noor", {{"client", {roxy}}, {"other", {roxi}}}));
  CHECK(office.told("matches", Office::as("Noor")).as_array().empty());
}

TEST_CASE("parts of a birth date are in their range", "[links]") {
  Office office;
  (void)add_client(office, "Roxy");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roxy"}}, {"birth-month", {"13"}}})) == "birth_invalid");
  CHECK(office.refusal("client set", Office::as("Noor", {{"client", {"Roxy"}}, {"birth-year", {"88"}}})) == "birth_invalid");
}
