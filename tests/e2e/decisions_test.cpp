// What the coordinator decides reaches the handhelds at their next sync, and what they bring later changes nothing of it.
#include <catch2/catch.hpp>
#include <set>

#include "tests/e2e/town.hpp"

using namespace lantaarn::e2e;

namespace {

std::set<std::string> cards(Handheld& handheld) {
  std::set<std::string> names;
  const json::value list = handheld.ask({"clients"}, "Noor");
  for (const auto& card : list.as_array()) names.insert(text_of(card, "name"));
  return names;
}

}  // namespace

TEST_CASE("an erased woman leaves the handhelds at their next sync, and does not come back with what they bring", "[e2e][erasure]") {
  Town town;
  town.add_woman("Roos");
  town.add_woman("Ilona");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  handheld.log("Noor", "Roos");
  handheld.sync();
  CHECK(cards(handheld) == std::set<std::string>{"Ilona", "Roos"});
  CHECK(town.contacts().size() == 1);

  const auto decided = town.ask_as_coordinator({"erasure", "decide", "Roos", "--ground", "her_request"});
  handheld.log("Noor", "Roos");  // nobody told this handheld yet
  (void)town.ask({"erasure", "execute", text_of(decided, "decision"), "--as", "Wim", "--reason", "besluit"});
  CHECK(town.contacts().empty());
  handheld.sync();
  CHECK(town.contacts().empty());
  CHECK(town.set_apart().empty());
  CHECK(cards(handheld) == std::set<std::string>{"Ilona"});
  const auto erasures = town.ask({"erasures"}).as_array();
  REQUIRE(erasures.size() == 1);
  CHECK(text_of(erasures[0], "state") == "pending");
  CHECK(town.ask({"rebuild", "--verify"}).at("agrees").as_bool());
}

TEST_CASE("a consent that is withdrawn stands on her card after the next sync", "[e2e][records]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  const auto consent_on_card = [&] {
    const json::value list = handheld.ask({"clients"}, "Noor");
    const json::value& consent = list.as_array().at(0).at("consent");
    return consent.is_object() ? text_of(consent, "state") : "none";
  };
  CHECK(consent_on_card() == "none");
  const auto given = town.ask_as_coordinator({"record", "add", "consent", "state=given", "how=signed", "scope=f_act", "--client", "Roos"});
  handheld.sync();
  CHECK(consent_on_card() == "given");
  (void)town.ask_as_coordinator({"record", "change", text_of(given, "record_id"), "state=withdrawn"});
  handheld.sync();
  CHECK(consent_on_card() == "withdrawn");
}
