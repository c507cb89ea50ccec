#include "tests/common/database/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::database;

namespace {

constexpr std::int32_t kOurs = 0x4c414e54;
const std::vector<std::string> kSteps = {
    "CREATE TABLE woman(id INTEGER PRIMARY KEY, status TEXT NOT NULL)",
    "ALTER TABLE woman ADD COLUMN intensity TEXT; CREATE INDEX by_status ON woman(status)",
    "CREATE TABLE round(id INTEGER PRIMARY KEY); UPDATE woman SET intensity = 'intensive' WHERE intensity IS NULL",
};
std::vector<std::string> first_steps(std::size_t count) {
  return {kSteps.begin(), kSteps.begin() + static_cast<std::ptrdiff_t>(count)};
}

std::string schema_of(Database& db) { return text_of(db, "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY name)"); }

}  // namespace

TEST_CASE("a database migrated step by step is the same as a fresh one", "[database]") {
  const Fixture old_one;
  const Fixture fresh_one;
  for (std::size_t count = 1; count <= kSteps.size(); ++count) {
    Database db = old_one.writer();
    Fixture::must(migrate(db, kOurs, first_steps(count)));
    CHECK(Fixture::must(stored_version(db)) == static_cast<std::int64_t>(count));
  }
  Database fresh = fresh_one.writer();
  CHECK(Fixture::must(stored_version(fresh)) == 0);
  Fixture::must(migrate(fresh, kOurs, kSteps));
  Database old = old_one.writer();
  CHECK(schema_of(old) == schema_of(fresh));
}

TEST_CASE("a migration carries the rows along, once", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(migrate(db, kOurs, first_steps(2)));
  Fixture::must(db.execute("INSERT INTO woman(status) VALUES('in_view')"));
  Fixture::must(migrate(db, kOurs, kSteps));
  CHECK(text_of(db, "SELECT intensity FROM woman") == "intensive");
  Fixture::must(db.execute("UPDATE woman SET intensity = NULL"));
  Fixture::must(migrate(db, kOurs, kSteps));
  CHECK(number(db, "SELECT count(*) FROM woman WHERE intensity IS NULL") == 1);
}

TEST_CASE("a store made by a newer program is refused and left alone", "[database]") {
  Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(migrate(db, kOurs, kSteps));
  fixture.disk().reset_count();
  const Status refused = migrate(db, kOurs, first_steps(2));
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == ErrorKind::kRefused);
  CHECK(refused.error().code == "newer_store");
  CHECK(refused.error().args == std::vector<std::string>{"t.db", "3", "2"});
  CHECK(fixture.disk().operations() == 0);
}

TEST_CASE("another program's database is not ours to migrate", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(migrate(db, 0x1234, first_steps(1)));
  CHECK(code_of(migrate(db, kOurs, kSteps)) == "database_damaged");
}

TEST_CASE("a step that fails leaves the version before it", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  auto steps = first_steps(2);
  steps.push_back("CREATE TABLE round(id); CREATE TABLE round(id)");
  CHECK_FALSE(migrate(db, kOurs, steps).ok());
  CHECK(Fixture::must(stored_version(db)) == 2);
  CHECK(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'round'") == 0);
  CHECK(migrate(db, kOurs, kSteps).ok());
}

TEST_CASE("a version that nobody wrote is damage, and nothing is done to the file", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(migrate(db, kOurs, kSteps));
  for (const char* version : {"0", "-2147483645"}) {
    INFO(version);
    Fixture::must(db.execute(std::string("PRAGMA user_version=") + version));
    const Status migrated = migrate(db, kOurs, kSteps);
    REQUIRE_FALSE(migrated.ok());
    CHECK(migrated.error().code == "database_damaged");
  }
}
