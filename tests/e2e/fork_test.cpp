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

namespace {

std::set<std::string> events_of(Town& town) {
  std::set<std::string> events;
  for (const auto& contact : town.contacts()) events.insert(text_of(contact, "event_id"));
  return events;
}

}  // namespace

TEST_CASE("a copied handheld in the hands of someone with the PIN shows as a fork, both branches are kept", "[e2e]") {
  Town town;
  town.add_woman("Roos");
  Handheld& handheld = town.add_handheld("h1", {"Noor"});
  std::set<std::string> hers = {handheld.log("Noor", "Roos")};
  handheld.sync();
  Handheld clone(town, "clone");
  fs::copy(handheld.data(), clone.data(), fs::copy_options::recursive);

  hers.insert(handheld.log("Noor", "Roos"));
  hers.insert(handheld.log("Noor", "Roos"));
  const std::set<std::string> others = {clone.log("Noor", "Roos"), clone.log("Noor", "Roos")};
  handheld.sync();
  const auto met = clone.ask({"sync", "--server", town.address()});
  CHECK(met.at("diverged").as_array().size() == 1);

  const auto apart = town.set_apart();
  REQUIRE(apart.size() >= others.size());
  for (const auto& entry : apart) CHECK(text_of(entry, "reason") == "fork");
  CHECK(events_of(town) == hers);

  // The handheld that was copied goes on as if nothing had happened; the copy is locked out with it once it is revoked.
  hers.insert(handheld.log("Noor", "Roos"));
  handheld.sync();
  CHECK(events_of(town) == hers);
  const auto revoked = town.ask({"device", "revoke", "h1"});
  REQUIRE(revoked.at("last_accepted").as_array().size() == 1);
  CHECK(not_refused(clone.try_sync(), "device_revoked") == "");
  CHECK(not_refused(handheld.try_sync(), "device_revoked") == "");
  CHECK(events_of(town) == hers);

  Words admit = {"quarantine", "admit"};
  for (const auto& entry : town.set_apart()) admit.push_back(text_of(entry, "entry"));
  (void)town.ask_as_coordinator(admit);
  std::set<std::string> both = hers;
  both.insert(others.begin(), others.end());
  CHECK(events_of(town) == both);
}
