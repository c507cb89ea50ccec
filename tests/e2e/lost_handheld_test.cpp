// A handheld is lost: it is shut out, and wiped when it shows up; nobody's contacts are lost with it, and the breach sheet says
// what the law wants to know. All with the real programs.
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/e2e/town.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::conforms;

namespace {

json::value breach_sheet(Town& town, const std::string& who, const Words& more = {}) {
  Words words = {"device", "breach-sheet", "h1", "--as", who, "--reason", "kwijt"};
  words.insert(words.end(), more.begin(), more.end());
  const auto sheet = town.ask(words);
  CHECK(conforms("lantaarn-server.device-breach-sheet", json::serialize(sheet)) == "");
  return sheet;
}

std::string on_paper(const std::string& pdf) { return lantaarn::support::run("/usr/bin/pdftotext", {"-layout", pdf, "-"}).out; }

std::set<std::string> merged(Town& town) {
  std::set<std::string> events;
  for (const auto& contact : town.contacts()) events.insert(text_of(contact, "event_id"));
  return events;
}

}  // namespace

TEST_CASE("a lost handheld is shut out and wiped when it shows up, what it brings waits for a decision", "[e2e][lost]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Ilona", "Maaike");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  Handheld& other = town.add_handheld("h2", {"Noor"});
  const std::string before = handheld.log("Noor", "Roos");
  handheld.sync();
  const std::string unsent = handheld.log("Noor", "Roos");

  const auto lost = town.ask_as_coordinator({"device", "lost", "h1", "--since", "2026-01-02 20:30"});
  CHECK(conforms("lantaarn-server.device-lost", json::serialize(lost)) == "");

  // Somebody finds it and puts it on a network.
  const auto wiped = answer_of(handheld.try_sync());
  CHECK(wiped.at("wiped") == true);
  for (const Words& command : {Words{"status"}, Words{"sync"}}) CHECK(not_refused(handheld.run(command), "device_wiped") == "");
  CHECK(merged(town) == std::set<std::string>{before});
  const auto apart = town.set_apart();
  REQUIRE_FALSE(apart.empty());
  Words admit = {"quarantine", "admit"};
  for (const auto& entry : apart) {
    CHECK(text_of(entry, "reason") == "device_revoked");
    admit.push_back(text_of(entry, "entry"));
  }
  (void)town.ask_as_coordinator(admit);
  CHECK(merged(town) == std::set<std::string>{before, unsent});

  // Her other handheld goes on.
  const std::string later = other.log("Noor", "Roos");
  other.sync();
  CHECK(merged(town) == std::set<std::string>{before, unsent, later});
}

TEST_CASE("a copy of a lost handheld that was wiped is refused at the door", "[e2e][lost]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  Handheld copy(town, "copy");
  std::filesystem::copy(handheld.data(), copy.data(), std::filesystem::copy_options::recursive);
  (void)town.ask_as_coordinator({"device", "lost", "h1", "--since", "2026-01-02"});
  handheld.sync();
  CHECK(not_refused(copy.try_sync(), "device_revoked") == "");
  CHECK(town.contacts().empty());
}

TEST_CASE("the breach sheet names the women to the coordinator and counts them for the officer, on screen and on paper", "[e2e][lost]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Jasmijn");
  town.add_woman("Ilona", "Maaike");
  (void)town.ask({"user", "add", "Ilse", "--role", "data_protection_officer"});
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  handheld.sync();
  const auto lost = town.ask_as_coordinator({"device", "lost", "h1", "--since", "2026-01-02 20:30"});

  const std::string pdf = town.folder().file("sheet.pdf");
  const auto named = breach_sheet(town, "Joke", {"--pdf", pdf});
  CHECK(number_of(named, "women") == 2);
  CHECK(named.at("women_names").as_array().size() == 2);
  CHECK(text_of(named.at("reported"), "notify_before") == text_of(lost, "notify_before"));
  CHECK(text_of(named.at("reported"), "reason") != "");
  CHECK(number_of(named.at("held"), "not_received") == 0);
  const std::string paper = on_paper(pdf);
  for (const char* said : {"Roos", "Jasmijn", "h1", "72"}) CHECK(paper.find(said) != std::string::npos);
  CHECK(paper.find("Ilona") == std::string::npos);
  CHECK(not_refused(town.server({"device", "breach-sheet", "h1", "--as", "Joke", "--reason", "kwijt", "--pdf", pdf}), "file_exists") == "");

  const std::string counted_pdf = town.folder().file("counted.pdf");
  const auto counted = breach_sheet(town, "Ilse", {"--pdf", counted_pdf});
  CHECK(number_of(counted, "women") == 2);
  CHECK(counted.at("women_names").is_null());
  const auto screen = lantaarn::support::run(lantaarn::support::program_path("lantaarn-server"),
                                             {"--data", town.server_data(), "device", "breach-sheet", "h1", "--as", "Ilse", "--reason", "kwijt"});
  REQUIRE(screen.exit_code == 0);
  for (const char* name : {"Roos", "Jasmijn", "Ilona"}) {
    CHECK(on_paper(counted_pdf).find(name) == std::string::npos);
    CHECK(screen.out.find(name) == std::string::npos);
  }
  CHECK(not_refused(town.server({"device", "breach-sheet", "h1", "--as", "Noor", "--reason", "kwijt"}), "role_not_allowed") == "");
}
