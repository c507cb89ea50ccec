// The server's keys change while a handheld lies in a drawer, with the real programs.
#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;

namespace {

Words as_admin(Words words) {
  words.insert(words.end(), {"--as", "Wim", "--reason", "halfjaarlijks"});
  return words;
}

std::vector<std::string> states(Town& town, const std::string& kind) {
  std::vector<std::string> all;
  const json::value listed = town.ask({"key", "list"});
  for (const auto& key : listed.as_array()) {
    if (text_of(key, "kind") == kind) all.push_back(text_of(key, "state"));
  }
  return all;
}

using States = std::vector<std::string>;

}  // namespace

TEST_CASE("a handheld that lay in a drawer while every key changed twice gets in and loses nothing, then the old keys go", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& drawer = town.add_handheld("lade", {"Noor"});
  Handheld& daily = town.add_handheld("dagelijks", {"Noor"});
  drawer.log("Noor", "Roos");
  drawer.log("Noor", "Roos");

  for (int time = 0; time < 2; ++time) {
    for (const char* kind : {"sealing", "authority", "receipt", "channel"}) {
      (void)town.ask(as_admin({"key", "rotate", kind}));
      daily.log("Noor", "Roos");
      daily.sync();  // while the server runs, right after each change
    }
  }
  town.stop();
  town.serve();
  CHECK(states(town, "sealing") == States{"former", "former", "in_force"});
  CHECK(states(town, "authority") == States{"destroyed", "destroyed", "in_force"});
  CHECK(not_refused(town.server(as_admin({"key", "destroy", "sealing", "1"})), "key_needed_by_handheld") == "");
  CHECK(not_refused(town.server(as_admin({"key", "destroy", "channel", "1"})), "key_needed_by_handheld") == "");

  // A ticket of now names keys that this handheld does not know yet.
  const std::string ticket = town.further_ticket("lade", "Maaike");
  lantaarn::support::write_file(drawer.pin_file("Maaike"), "13572468\n");
  const Words add = {"user", "add", "Maaike", "--ticket", ticket, "--new-pin-file", drawer.pin_file("Maaike")};
  CHECK(not_refused(drawer.run(add), "ticket_keys_differ") == "");

  drawer.sync();
  CHECK(drawer.run(add).exit_code == 0);
  drawer.log("Noor", "Roos");
  drawer.sync();  // with the newest channel key
  CHECK(town.contacts().size() == 3 + 8);
  CHECK(town.set_apart().empty());
  CHECK(town.server({"rebuild", "--verify"}).exit_code == 0);

  // Tickets that were used keep nothing alive.
  for (const char* kind : {"sealing", "channel"}) {
    for (const char* number : {"1", "2"}) (void)town.ask(as_admin({"key", "destroy", kind, number}));
    CHECK(states(town, kind) == States{"destroyed", "destroyed", "in_force"});
  }
  drawer.log("Noor", "Roos");
  drawer.sync();
  daily.sync();
  town.stop();
  town.serve();
  CHECK(town.contacts().size() == 4 + 8);
  CHECK(town.set_apart().empty());
  CHECK(town.ask({"key", "log"}).as_array().size() == 8 + 4 + 4);
}

TEST_CASE("a ticket of before a change enrols a handheld that then knows the keys of after it", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld handheld(town, "h1");
  const std::string ticket = town.ticket_for("h1", {"Noor"});
  for (const char* kind : {"authority", "sealing", "channel"}) (void)town.ask(as_admin({"key", "rotate", kind}));
  CHECK(not_refused(town.server(as_admin({"key", "destroy", "channel", "1"})), "key_needed_by_ticket") == "");
  lantaarn::support::write_file(handheld.pin_file("Noor"), "24681357\n");
  REQUIRE(handheld.run({"enrol", "--user", "Noor", "--ticket", ticket, "--new-pin-file", handheld.pin_file("Noor")}).exit_code == 0);
  handheld.sync();
  (void)town.ask(as_admin({"key", "destroy", "sealing", "1"}));
  (void)town.ask(as_admin({"key", "destroy", "channel", "1"}));
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(town.contacts().size() == 1);
  CHECK(town.set_apart().empty());
}
