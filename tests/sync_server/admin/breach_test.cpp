// A lost handheld: shut out at once, and accounted for with what is known.
#include "sync_server/admin/breach.hpp"

#include "tests/support/json_schema.hpp"
#include "tests/support/process.hpp"
#include "tests/sync_server/admin/delivering_handheld.hpp"
#include "tests/sync_server/admin/office.hpp"

using namespace lantaarn;
using namespace lantaarn::server;
using namespace lantaarn::server::admin;
using model::Event;
namespace json = boost::json;

namespace {

struct Loss {
  Office office;
  std::string roos;
  Loss() {
    roos = add("Roos", "Anna");
    (void)add("Lena", "Anna");
    (void)add("Zehra", "Iris");
  }
  std::string add(const char* alias, const char* primary) {
    return text(office.told("client add", Office::as("Noor", {{"alias", {alias}}, {"primary", {primary}}, {"intensity", {"intensive"}}})), "client_id");
  }
  json::value lose(const std::string& since = "2026-11-22T18:00:00Z") {
    const auto lost = office.told("device lost", Office::as("Noor", {{"name", {"h1"}}, {"since", {since}}}));
    CHECK(support::conforms("lantaarn-server.device-lost", json::serialize(lost)) == "");
    return lost;
  }
  json::object sheet(const std::string& who) {
    const auto sheet = office.told("device breach-sheet", Office::as(who, {{"name", {"h1"}}}));
    CHECK(support::conforms("lantaarn-server.device-breach-sheet", json::serialize(sheet)) == "");
    return sheet.as_object();
  }
};

std::string on_paper(const json::object& sheet) {
  const support::TempFolder folder;
  const auto pdf = breach_pdf(sheet);
  REQUIRE(pdf.ok());
  support::write_file(folder.file("sheet.pdf"), to_string(*pdf));
  return support::run("/usr/bin/pdftotext", {"-layout", folder.file("sheet.pdf"), "-"}).out;
}

}  // namespace

TEST_CASE("a lost handheld is written down, revoked and to be wiped in one step, and its clock runs from then", "[breach]") {
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  const auto lost = loss.lose();
  CHECK(text(lost, "missed_since") == "2026-11-22T18:00:00.000Z");
  CHECK(text(lost, "reported_at") == "2026-11-22T20:00:00.000Z");
  CHECK(text(lost, "notify_before") == "2026-11-25T20:00:00.000Z");
  REQUIRE(loss.office.facts(Event::kDeviceReportedLost).size() == 1);
  CHECK(loss.office.facts(Event::kDeviceRevoked).size() == 1);
  REQUIRE(loss.office.facts(Event::kDirectiveGiven).size() == 1);
  CHECK(loss.office.facts(Event::kDirectiveGiven).front().directive_given().directive() == "wipe");
  CHECK(loss.office.refusal("device lost", Office::as("Noor", {{"name", {"h1"}}, {"since", {"2026-11-22"}}})) == "device_already_lost");

  // The clock does not start again when somebody looks, or asks something else of it.
  loss.office.clock.advance_ms(3600 * 1000);
  const auto sheet = loss.sheet("Noor");
  CHECK(text(sheet.at("reported"), "notify_before") == "2026-11-25T20:00:00.000Z");
}

TEST_CASE("names go to who may open records, the officer and the administrator count", "[breach]") {
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  (void)loss.lose();
  const auto named = loss.sheet("Noor");
  CHECK(named.at("women") == 2);
  REQUIRE(named.at("women_names").as_array().size() == 2);
  CHECK(json::serialize(named).find("Zehra") == std::string::npos);  // on no card of this handheld
  CHECK(on_paper(named).find("Roos") != std::string::npos);
  const auto opened = loss.office.facts(Event::kDossierOpened);
  CHECK(opened.back().dossier_opened().reason() == "weekly review");
  const std::size_t before = opened.size();
  for (const char* who : {"Ilse", "Fatma"}) {
    const auto counted = loss.sheet(who);
    CHECK(counted.at("women") == 2);
    CHECK(counted.at("women_names").is_null());
    for (const char* name : {"Roos", "Lena"}) {
      CHECK(json::serialize(counted).find(name) == std::string::npos);
      CHECK(on_paper(counted).find(name) == std::string::npos);
    }
  }
  CHECK(loss.office.facts(Event::kDossierOpened).size() == before);
  for (const char* who : {"Anna", "Bibi", "Jan"}) CHECK(loss.office.refusal("device breach-sheet", Office::as(who, {{"name", {"h1"}}})) == "role_not_allowed");
  CHECK(loss.office.refusal("device breach-sheet", {{"name", {"h1"}}}) == "as_needed");
  for (const char* who : {"Anna", "Ilse", "Jan"}) CHECK(loss.office.refusal("device lost", Office::as(who, {{"name", {"h1"}}, {"since", {"2026-11-22"}}})) == "role_not_allowed");
}

TEST_CASE("what is not received yet, and what was done, stand on the sheet as far as the server knows", "[breach]") {
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  (void)handheld.log_contact(loss.roos);
  (void)handheld.log_contact(loss.roos);
  handheld.deliver();
  {
    // At its last session it said that it had saved five.
    Context context = loss.office.open().context();
    const auto logs = context.inbox.received();
    auto change = context.registry.begin();
    REQUIRE((*change)->note_log(handheld.device, logs->begin()->first.second, 5, 0).ok());
    REQUIRE((*change)->note_seen(handheld.device, loss.office.clock.reading.wall_ms).ok());
    REQUIRE((*change)->commit().ok());
  }
  (void)loss.lose();
  const auto sheet = loss.sheet("Ilse");
  const auto& held = sheet.at("held").as_object();
  CHECK(held.at("saved") == 5);
  CHECK(held.at("received") == 2);
  CHECK(held.at("not_received") == 3);
  CHECK(held.at("lease_ends_at") == "2026-11-29T20:00:00.000Z");
  const auto& measures = sheet.at("measures").as_array();
  REQUIRE(measures.size() == 2);
  CHECK(measures[0].at("what") == "wipe");
  CHECK(measures[0].at("carried_out_at").is_null());
  CHECK(measures[1].at("what") == "revoked");
  // What it brings after all waits for a decision.
  (void)handheld.log_contact(loss.roos);
  handheld.deliver();
  (void)loss.office.told("merge");
  const auto apart = loss.office.told("quarantine").as_array();
  REQUIRE(apart.size() == 1);
  CHECK(text(apart[0], "reason") == "device_revoked");
}

TEST_CASE("a revocation accepts what is received by now, merged or not, and not what a stranger wrote after it", "[breach]") {
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  (void)handheld.log_contact(loss.roos);
  (void)handheld.log_contact(loss.roos);
  handheld.log_as_stranger();
  handheld.deliver();
  const auto revoked = loss.office.told("device revoke", {{"name", {"h1"}}});
  const auto& accepted = revoked.as_object().at("last_accepted").as_array();
  REQUIRE(accepted.size() == 1);
  CHECK(accepted[0].at("seq") == 2);
  CHECK(loss.office.told("contacts", Office::as("Noor")).as_array().size() == 2);
}

TEST_CASE("the day and hour of a loss are understood as people say them, and no other way", "[breach]") {
  CHECK(*read_instant("2026-11-22T19:30:00Z") == *read_instant("2026-11-22 20:30"));
  CHECK(*read_instant("2026-07-22T18:30:00Z") == *read_instant("2026-07-22T20:30"));
  CHECK(*read_instant("2026-11-21T23:00:00Z") == *read_instant("2026-11-22"));
  CHECK(*read_instant("2026-03-29T01:30:00Z") == *read_instant("2026-03-29 03:30"));
  for (const char* typed : {"", "gisteren", "22-11-2026", "2026-11-31", "2026-11-22 24:00", "2026-11-22 9:30", "2026-11-22 20:30:00", "2026-11-22x20:30", "2026-11-22 20:6a"}) {
    INFO(typed);
    CHECK(read_instant(typed).error().code == "instant_invalid");
  }
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  CHECK(loss.office.refusal("device lost", Office::as("Noor", {{"name", {"h1"}}, {"since", {"2026-11-23"}}})) == "instant_in_future");
  CHECK(loss.office.facts(Event::kDeviceRevoked).empty());
}

TEST_CASE("a handheld that nobody reported has a sheet without a clock", "[breach]") {
  Loss loss;
  DeliveringHandheld handheld(loss.office);
  const auto sheet = loss.sheet("Noor");
  CHECK(sheet.at("reported").is_null());
  CHECK(sheet.at("measures").as_array().empty());
  CHECK(breach_sections(sheet).front().facts.empty());
}
