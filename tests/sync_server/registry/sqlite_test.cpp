#include "common/crypto/random.hpp"
#include "sync_server/registry/sqlite/open.hpp"
#include "sync_server/registry/sqlite/schema.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/merge/town.hpp"

using namespace lantaarn;

namespace {

std::vector<std::string> schema_of(database::Database& database) {
  auto rows = database.prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name");
  LANTAARN_OK(rows);
  std::vector<std::string> schema;
  while (*rows->step()) schema.push_back(rows->column_text(0));
  return schema;
}

}  // namespace

TEST_CASE("a registry migrated step by step is a fresh one", "[registry]") {
  support::TempFolder folder;
  auto stepwise = database::Database::open(folder.file("stepwise.db"), {});
  LANTAARN_OK(stepwise);
  std::vector<std::string> steps;
  for (const auto& step : server::registry_migrations()) {
    steps.push_back(step);
    LANTAARN_OK(database::migrate(*stepwise, server::kRegistryApplicationId, steps));
  }
  auto fresh = database::Database::open(folder.file("fresh.db"), {});
  LANTAARN_OK(fresh);
  LANTAARN_OK(database::migrate(*fresh, server::kRegistryApplicationId, server::registry_migrations()));
  CHECK(schema_of(*stepwise) == schema_of(*fresh));
  CHECK(schema_of(*fresh).size() > 20);
}

TEST_CASE("a registry made by a newer program is refused", "[registry]") {
  support::TempFolder folder;
  {
    auto newer = database::Database::open(folder.file("registry.db"), {});
    LANTAARN_OK(newer);
    auto steps = server::registry_migrations();
    steps.push_back("CREATE TABLE of_the_future(id INTEGER PRIMARY KEY)");
    LANTAARN_OK(database::migrate(*newer, server::kRegistryApplicationId, steps));
  }
  const auto opened = server::open_sqlite_registry(folder.file("registry.db"), crypto::random_secret<32>());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.error().code == "newer_store");
}

TEST_CASE("no alias, note, topic, description, text, reason or name stands in the registry's files", "[registry]") {
  support::TempFolder folder;
  support::Town town;
  auto opened = server::open_sqlite_registry(folder.file("registry.db"), town.server.data_key.duplicate());
  LANTAARN_OK(opened);
  auto merger = server::Merger::open(**opened, town.server.keys);
  LANTAARN_OK(merger);
  const std::string canary = "KANARIEPIET";
  LANTAARN_OK(merger->record({support::user_added(town.draw, town.server.keys, town.anna.id, canary + " user"),
                              support::device_added(town.draw, town.server.keys, town.device, canary + " device", {}),
                              support::user_bound(town.draw, town.server.keys, town.device, town.anna)}, 1));
  auto log = town.new_log();
  const auto client = town.draw.id<ClientId>();
  town.save(log, town.client_added(client, canary + " alias"));
  const EventId id = town.save(log, town.contact(client, canary + " note"));
  auto unknown = town.contact({});
  unknown.mutable_contact_logged()->set_description(canary + " description");
  const EventId other = town.save(log, unknown);
  town.save(log, town.amendment(id, "note", canary + " corrected", {id}));
  town.save(log, town.amendment(id, "topics", "sexual_health", {id}));
  auto retraction = town.retraction(other);
  retraction.mutable_contact_retracted()->set_reason(canary + " reason");
  town.save(log, retraction);
  auto planned = support::draw_event(town.draw, town.anna.id, support::kEvening);
  planned.mutable_follow_up_planned()->set_due_date("2025-12-01");
  planned.mutable_follow_up_planned()->set_text(canary + " to do");
  town.save(log, planned);
  auto started = support::draw_event(town.draw, town.anna.id, support::kEvening);
  started.set_round_id(model::id_field(town.draw.id<RoundId>()));
  started.mutable_round_started()->add_colleagues(canary + " colleague");
  town.save(log, started);
  auto invalid = town.contact(client, canary + " set apart");
  invalid.mutable_contact_logged()->set_channel("pigeon");
  town.save(log, invalid);
  support::GeneratedInbox inbox;
  inbox.put(log, log.take_batch());
  LANTAARN_OK(merger->merge(inbox));
  // They are there, for those who hold the key …
  CHECK((*(*opened)->contact(id))->note == canary + " corrected");
  CHECK((*(*opened)->client(client))->aliases == std::vector<std::string>{canary + " alias"});
  // … and nowhere in the files, before and after everything is moved out of the WAL.
  std::string found_in;
  for (const bool closed : {false, true}) {
    if (closed) opened->reset();
    INFO((closed ? "closed" : "open"));
    CHECK_FALSE(support::folder_contains(folder.path(), canary, found_in));
    CHECK_FALSE(support::folder_contains(folder.path(), "sexual_health", found_in));
  }
}
