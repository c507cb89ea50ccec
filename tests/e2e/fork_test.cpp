#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "tests/e2e/town.hpp"
#include "tests/support/json_schema.hpp"

using namespace lantaarn::e2e;
namespace fs = std::filesystem;

TEST_CASE("a handheld put back to an old copy: the second branch is set apart and shown, later contacts arrive", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  std::set<std::string> good = {handheld.log("Noor", "Roos")};
  const std::string copy = town.folder().file("copy");
  fs::copy(handheld.data(), copy, fs::copy_options::recursive);

  good.insert(handheld.log("Noor", "Roos"));
  good.insert(handheld.log("Noor", "Roos"));
  handheld.sync();
  CHECK(town.contacts().size() == 3);

  fs::remove_all(handheld.data());
  fs::copy(copy, handheld.data(), fs::copy_options::recursive);
  const std::string branched = handheld.log("Noor", "Roos");
  (void)handheld.try_sync();
  const auto apart = town.set_apart();
  REQUIRE(apart.size() >= 1);
  CHECK(text_of(apart[0], "reason") == "fork");

  good.insert(handheld.log("Noor", "Roos"));
  handheld.sync();
  std::set<std::string> shown;
  for (const auto& contact : town.contacts()) shown.insert(text_of(contact, "event_id"));
  CHECK(shown == good);

  // The coordinator looks and decides: nothing was thrown away.
  Words admit = {"quarantine", "admit"};
  for (const auto& entry : town.set_apart()) admit.push_back(text_of(entry, "entry"));
  const auto admitted = town.ask_as_coordinator(admit);
  CHECK(lantaarn::support::conforms("lantaarn-server.quarantine-admit", json::serialize(admitted)) == "");
  good.insert(branched);
  shown.clear();
  for (const auto& contact : town.contacts()) shown.insert(text_of(contact, "event_id"));
  CHECK(shown == good);
  CHECK(town.set_apart().empty());
}
