// What a lease, a second PIN and wrong PINs do, with the real programs.
#include <catch2/catch.hpp>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;
using lantaarn::support::write_file;

namespace {

struct Evening {
  Town town;
  Handheld* handheld = nullptr;

  explicit Evening(const Words& terms) {
    town.add_woman("Roos");
    handheld = &town.add_handheld("h1", {"Noor"});
    Words all = {"device", "terms", "h1"};
    all.insert(all.end(), terms.begin(), terms.end());
    (void)town.ask_as_coordinator(all);
    handheld->sync();
  }
  Finished with_pin(Words words, const std::string& pin) {
    write_file(town.folder().file("pin"), pin + "\n");
    words.insert(words.end(), {"--user", "Noor", "--pin-file", town.folder().file("pin")});
    return handheld->run(words);
  }
  json::array duress() { return town.ask({"device", "list"}).as_array().at(0).at("duress").as_array(); }
};

std::string code_of(const Finished& done) { return done.exit_code == 0 ? "" : text_of(json::parse(done.err), "code"); }

}  // namespace

TEST_CASE("a second PIN shows a lease that is over, a forced sync changes nothing, the coordinator sees it and lets her back in", "[e2e][duress]") {
  Evening evening({"--duress-pin", "yes"});
  auto& [town, handheld] = evening;
  handheld->log("Noor", "Roos");
  write_file(town.folder().file("second"), "55555555\n");
  (void)handheld->ask({"pin", "duress", "set", "--new-pin-file", town.folder().file("second")}, "Noor");
  CHECK(handheld->ask({"clients"}, "Noor").as_array().size() == 1);

  CHECK(code_of(evening.with_pin({"clients"}, "55555555")) == "lease_ended");
  CHECK(code_of(handheld->run({"clients"}, "Noor")) == "lease_ended");
  CHECK(handheld->ask({"contacts"}, "Noor").as_array().empty());
  handheld->sync();
  CHECK(code_of(handheld->run({"clients"}, "Noor")) == "lease_ended");
  CHECK(code_of(evening.with_pin({"clients"}, "55555555")) == "lease_ended");
  CHECK(town.contacts().size() == 1);  // what was saved before is safe
  REQUIRE_FALSE(evening.duress().empty());
  CHECK(text_of(evening.duress()[0], "name") == "Noor");
  CHECK(town.server({"overview"}).out.find("Noor") != std::string::npos);

  handheld->sync();  // the second time it was entered
  (void)town.ask_as_coordinator({"device", "unlock", "h1"});
  handheld->sync();
  CHECK(handheld->ask({"clients"}, "Noor").as_array().size() == 1);
  CHECK_FALSE(evening.duress()[0].at("held").as_bool());
}

TEST_CASE("after too many wrong PINs what was saved still arrives, and a further ticket lets her work again", "[e2e][wrong]") {
  Evening evening({"--wrong-pins", "3"});
  auto& [town, handheld] = evening;
  handheld->log("Noor", "Roos");
  CHECK(code_of(evening.with_pin({"contacts"}, "00000000")) == "wrong_pin");
  CHECK(code_of(evening.with_pin({"contacts"}, "00000000")) == "wrong_pin");
  CHECK(code_of(evening.with_pin({"contacts"}, "00000000")) == "pin_destroyed");
  CHECK(code_of(handheld->run({"contacts"}, "Noor")) == "pin_destroyed");
  handheld->sync();
  CHECK(town.contacts().size() == 1);

  const std::string ticket = town.further_ticket("h1", "Noor");
  CHECK(handheld->run({"user", "add", "Noor", "--ticket", ticket, "--new-pin-file", handheld->pin_file("Noor")}).exit_code == 0);
  handheld->sync();
  CHECK(handheld->ask({"clients"}, "Noor").as_array().size() == 1);
  handheld->log("Noor", "Roos");
  handheld->sync();
  CHECK(town.contacts().size() == 2);
  CHECK(town.set_apart().empty());
}

TEST_CASE("a strict handheld writes an evening that nobody reads back on it, and all of it arrives", "[e2e][strict]") {
  Evening evening({"--strict", "yes"});
  auto& [town, handheld] = evening;
  (void)handheld->ask({"round", "start", "--place", "zone"}, "Noor");
  handheld->log("Noor", "Roos");
  handheld->log("Noor", "Ilona", {"--new"});
  CHECK(handheld->ask({"contacts"}, "Noor").as_array().empty());
  CHECK(handheld->ask({"clients"}, "Noor").as_array().size() == 1);
  (void)handheld->ask({"round", "end"}, "Noor");
  handheld->sync();
  CHECK(town.contacts().size() == 2);
  CHECK(town.set_apart().empty());
  CHECK(handheld->ask({"clients"}, "Noor").as_array().size() == 2);
}
