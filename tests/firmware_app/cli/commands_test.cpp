#include <catch2/catch.hpp>

#include "common/base/civil_time.hpp"
#include "tests/firmware_app/cli/program.hpp"

using namespace lantaarn::support;

namespace {

std::string text(const boost::json::value& object, const char* member) { return std::string(object.at(member).as_string()); }

}  // namespace

TEST_CASE("an evening on the command line, every answer as its contract says", "[cli]") {
  const Program program;
  static_cast<void>(program.ask("round-start", {"round", "start", "--place", "zone", "--with", "Fatma", "--with", "Joke"}));
  CHECK(program.ask("round-count", {"round", "count", "+9"}).at("count") == 9);
  CHECK(program.ask("round-count", {"round", "count", "-2"}).at("count") == 7);
  const auto added = program.ask("client-add", {"client", "add", "Zsófia"});
  const std::string note = program.file("note", "Zoekt een kamer.\nVanaf de eerste.\n");
  const auto logged = program.ask("log", log_words({"--client", "zsofia"}, {"--topic", "money", "--topic", "housing", "--area", "justice",
                                  "--minutes", "12", "--indirect-minutes", "3", "--follow-up", "2026-12-01:bellen: om 9:00",
                                  "--note-file", note, "--at", "2026-11-22T20:31:00+01:00"}));
  CHECK(logged.at("client_id") == added.at("client_id"));
  static_cast<void>(program.ask("log", log_words({"--unknown", "--describe", "rode jas"})));
  static_cast<void>(program.ask("log", log_words({"--client", "Nieuwe", "--new"})));
  static_cast<void>(program.ask("log", log_words({"--client-id", text(added, "client_id").substr(0, 8)})));
  static_cast<void>(program.ask("amend", {"amend", text(logged, "event_id"), "--reason", "het was in de loods", "--place", "loods", "--minutes", "", "--topic", ""}));

  const auto contacts = program.ask("contacts", {"contacts"}).as_array();
  REQUIRE(contacts.size() == 4);
  CHECK(contacts[0].at("event_id") == logged.at("event_id"));
  CHECK(contacts[0].at("seq") == logged.at("seq"));
  CHECK(contacts[0].at("client") == "Zsófia");
  CHECK(contacts[0].at("place") == "loods");
  CHECK(contacts[0].at("occurred_at") == "2026-11-22T19:31:00.000Z");
  CHECK(contacts[0].at("note") == "Zoekt een kamer.\nVanaf de eerste.");
  CHECK(contacts[0].at("minutes").is_null());
  CHECK(contacts[0].at("topics").as_array().empty());
  CHECK(contacts[0].at("areas").as_array().size() == 1);
  CHECK(contacts[1].at("client_id").is_null());
  CHECK(contacts[1].at("description") == "rode jas");

  static_cast<void>(program.ask("retract", {"retract", text(logged, "event_id").substr(0, 8), "--reason", "dubbel"}));
  CHECK(program.ask("contacts", {"contacts"}).as_array()[0].at("retracted") == true);
  CHECK(program.ask("clients", {"clients", "ZSO"}).as_array().size() == 1);
  CHECK(program.ask("clients", {"clients"}).as_array().size() == 2);

  const auto follow_ups = program.ask("follow-ups", {"follow-ups"}).as_array();
  REQUIRE(follow_ups.size() == 1);
  CHECK(follow_ups[0].at("text") == "bellen: om 9:00");
  CHECK(program.ask("follow-ups", {"follow-ups", "--done", text(follow_ups[0], "follow_up_id")}).as_array().empty());

  static_cast<void>(program.ask("round-end", {"round", "end"}));
  CHECK(program.ask("contacts", {"contacts"}).as_array().empty());
  // The next day: nothing of it can be read, and it can still be corrected.
  static_cast<void>(program.ask("amend", {"amend", text(logged, "event_id"), "--reason", "duurde langer", "--minutes", "25"}));
}

TEST_CASE("users, codes and status answer as their contracts say", "[cli]") {
  const Program program;
  CHECK(program.ask("user-list", {"user", "list"}).as_array().size() == 2);
  CHECK(program.ask("codes", {"codes"}).as_array().size() > 50);
  const auto places = program.ask("codes", {"codes", "place"}).as_array();
  CHECK(places.size() == 7);
  CHECK(places[3].at("nl") == "elders op straat");
  CHECK(places[3].at("en") == "elsewhere on the street");
  CHECK(program.refusal({"codes", "colour"}) == "1 unknown_code");

  static_cast<void>(program.ask("log", log_words({"--unknown"})));
  const auto status = program.ask("status", {"status"});
  REQUIRE(status.at("journals").as_array().size() == 1);
  // Five unlocks, four of them to read only, and one contact.
  CHECK(status.at("journals").as_array()[0].at("saved") == 6);
  CHECK(status.at("journals").as_array()[0].at("received") == 0);
  CHECK(status.at("not_received") == 6);
  CHECK(lantaarn::parse_rfc3339(text(status.at("lease"), "valid_until")).has_value());
  CHECK(status.at("lease").at("ended") == 0);
}

TEST_CASE("status and sync need no PIN and name nobody", "[cli]") {
  const Program program;
  static_cast<void>(program.ask("log", log_words({"--client", "Roos", "--new"})));
  const Finished status = program.run({"status"});
  CHECK(status.exit_code == 0);
  CHECK(status.out.find("Noor") == std::string::npos);
  CHECK(status.out.find("Roos") == std::string::npos);
  CHECK(status.out.find("Er is niets kwijt") != std::string::npos);
  const Finished sync = program.run({"sync"});
  CHECK(sync.exit_code == 1);
  CHECK(sync.out.find("Er is niets kwijt: 3") != std::string::npos);
  CHECK(std::count(sync.err.begin(), sync.err.end(), '\n') == 1);
  CHECK(program.refusal({"sync"}) == "1 server_unreachable");
}

TEST_CASE("every command speaks to people as well", "[cli]") {
  const Program program({"Noor"});
  const Words pin = {"--pin-file", program.folder().file("pin-Noor")};
  for (const Words& words : {Words{"round", "start", "--place", "zone"}, log_words({"--unknown", "--describe", "rode jas"}), Words{"round", "count", "+2"},
                             Words{"contacts"}, Words{"clients"}, Words{"follow-ups"}, Words{"codes", "place"}, Words{"record", "add", "visit_count", "visits=12"}, Words{"records"}, Words{"record", "kinds"}, Words{"user", "list"}, Words{"round", "end"}}) {
    Words all = words;
    all.insert(all.end(), pin.begin(), pin.end());
    const Finished done = program.run(all);
    INFO(words[0] << ": " << done.err);
    CHECK(done.exit_code == 0);
    CHECK_FALSE(done.out.empty());
    CHECK(done.err.empty());
    for (const char* key : {"label:", "record:", "field:", "code:"}) CHECK(done.out.find(key) == std::string::npos);
  }
}
