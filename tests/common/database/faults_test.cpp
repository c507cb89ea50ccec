// A full disk, a failing disk, a damaged file and a power cut, at every operation.

#include "tests/common/database/fixture.hpp"
#include "tests/support/crash_points.hpp"

using namespace lantaarn;
using namespace lantaarn::database;
using support::Fault;

namespace {

struct Filled : Fixture {
  Filled() {
    Database db = writer();
    must(db.execute("CREATE TABLE t(x, b BLOB)"));
    must(insert(db, 0));
  }
  static Status insert(Database& db, int x) {
    LANTAARN_ASSIGN(auto transaction, Transaction::begin(db));
    LANTAARN_TRY(db.execute("INSERT INTO t VALUES(" + std::to_string(x) + ", randomblob(9000))"));
    LANTAARN_TRY(db.execute("INSERT INTO t VALUES(" + std::to_string(x) + ", randomblob(9000))"));
    return transaction.commit();
  }
  std::int64_t rows_after_reopening() const {
    Database db = writer();
    must(db.check_integrity());
    return number(db, "SELECT count(*) FROM t");
  }
};

}  // namespace

TEST_CASE("a disk that is full or failing in any operation of a save leaves all of it or nothing, and says which", "[database]") {
  const auto fault = GENERATE(Fault::kDiskFull, Fault::kIoError);
  const bool lasting = GENERATE(false, true);
  const auto expected = fault == Fault::kDiskFull ? "disk_full" : "disk_error";
  int failures = 0;
  for (std::uint64_t operation = 1;; ++operation) {
    Filled world;
    bool reached = false;
    bool saved = false;
    {
      Database db = world.writer();
      world.disk().reset_count();
      world.disk().fail_at(operation, fault, lasting);
      const Status status = Filled::insert(db, 1);
      reached = world.disk().operations() >= operation;
      saved = status.ok();
      CAPTURE(operation, lasting, code_of(status));
      if (!saved) {
        ++failures;
        CHECK(status.error().kind == ErrorKind::kStorage);
        CHECK(status.error().code == expected);
      }
      world.disk().heal();
      CHECK(number(db, "SELECT count(*) FROM t") == (saved ? 4 : 2));
      CHECK(Filled::insert(db, 2).ok());
    }
    CHECK(world.rows_after_reopening() == (saved ? 6 : 4));
    if (!reached) break;
  }
  CHECK(failures >= 5);
}

TEST_CASE("what was committed survives a power cut at every operation of a later save and checkpoint", "[database][crash]") {
  Filled world;
  std::int64_t acknowledged = 0;
  const auto scenario = [&] {
    acknowledged = 2;
    auto db = world.open();
    if (!db.ok()) return;
    for (int x = 1; x <= 2; ++x) {
      if (!Filled::insert(*db, x).ok()) return;
      acknowledged += 2;
    }
    static_cast<void>(db->checkpoint_truncate());
    if (Filled::insert(*db, 3).ok()) acknowledged += 2;
  };
  const auto count = support::for_each_crash_point(world.vfs, scenario, [&](const support::CrashPoint&) {
    const auto rows = world.rows_after_reopening();
    CHECK(rows % 2 == 0);
    CHECK(rows >= acknowledged);
    CHECK(rows <= acknowledged + 2);
  });
  CHECK(count.crashes > 60);
  WARN("database crash points: " << count.operations << " operations, " << count.crashes << " power cuts");
}

TEST_CASE("a power cut at any point of a new database's making leaves one that can be made", "[database][crash]") {
  Fixture world;
  const std::vector<std::string> steps = {"CREATE TABLE t(x)", "CREATE TABLE u(x)"};
  const auto make = [&]() -> Status {
    LANTAARN_ASSIGN(Database db, world.open());
    return migrate(db, 7, steps);
  };
  const auto count = support::for_each_crash_point(
      world.vfs, [&] { static_cast<void>(make()); },
      [&](const support::CrashPoint&) {
        REQUIRE(code_of(make()) == "ok");
        Database db = world.writer();
        CHECK(number(db, "SELECT count(*) FROM sqlite_schema WHERE name IN ('t', 'u')") == 2);
      });
  CHECK(count.crashes > 30);
}

TEST_CASE("a file that is no database, or one cut short, is reported as damaged", "[database]") {
  Filled world;
  { Fixture::must(world.writer().checkpoint_truncate()); }
  SECTION("a flipped bit in the first bytes") { world.disk().flip_bit("/data/t.db", 0, 0); }
  SECTION("a file of a version to come") { world.disk().flip_bit("/data/t.db", 47, 3); }
  SECTION("another kind of file") { world.disk().put("/data/t.db", Bytes(8192, 'x')); }
  auto db = world.open();
  REQUIRE_FALSE(db.ok());
  CHECK(db.error().kind == ErrorKind::kCorrupt);
  CHECK(db.error().code == "database_damaged");
  CHECK(db.error().args == std::vector<std::string>{"t.db"});
}

TEST_CASE("a database cut short inside is found damaged when it is checked or read", "[database]") {
  Filled world;
  { Fixture::must(world.writer().checkpoint_truncate()); }
  world.disk().cut_off("/data/t.db", world.disk().content("/data/t.db").size() / 4096 / 2 * 4096);
  auto db = world.open();
  CHECK((db.ok() ? code_of(db->check_integrity()) : code_of(db)) == "database_damaged");
}

TEST_CASE("a flipped bit in a b-tree page is found by the integrity check", "[database]") {
  Filled world;
  { Fixture::must(world.writer().checkpoint_truncate()); }
  // The second page is the table's root: its cell count.
  world.disk().flip_bit("/data/t.db", 4096 + 3, 4);
  Database db = world.writer();
  CHECK(code_of(db.check_integrity()) == "database_damaged");
}
