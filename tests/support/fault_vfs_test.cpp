#include "tests/support/fault_vfs.hpp"

#include <catch2/catch.hpp>

#include "common/database/database.hpp"
#include "tests/support/crash_points.hpp"

using namespace lantaarn;
using namespace lantaarn::support;
using database::Access;
using database::Database;
using database::OpenOptions;
using database::Transaction;

namespace {

OpenOptions on(const FaultVfs& vfs, Access access = Access::kWriter) {
  OpenOptions options;
  options.vfs = vfs.name();
  options.access = access;
  options.busy_timeout_ms = 0;
  return options;
}

Result<std::int64_t> count_rows(Database& db) {
  LANTAARN_ASSIGN(auto statement, db.prepare("SELECT count(*) FROM t"));
  LANTAARN_ASSIGN(const bool row, statement.step());
  return row ? statement.column_int(0) : -1;
}

Status insert_in_one_transaction(Database& db, int rows) {
  LANTAARN_ASSIGN(auto transaction, Transaction::begin(db));
  for (int i = 0; i < rows; ++i) LANTAARN_TRY(db.execute("INSERT INTO t VALUES(randomblob(3000))"));
  return transaction.commit();
}

void make_table(const FaultVfs& vfs) {
  auto db = Database::open("t.db", on(vfs));
  REQUIRE(db.ok());
  REQUIRE(db->execute("CREATE TABLE t(b BLOB)").ok());
}

}  // namespace

TEST_CASE("an SQLite database lives on the fault disk, with a reader beside its writer", "[support]") {
  FaultVfs vfs;
  make_table(vfs);
  auto writer = Database::open("t.db", on(vfs));
  auto reader = Database::open("t.db", on(vfs, Access::kReader));
  REQUIRE(writer.ok());
  REQUIRE(reader.ok());
  REQUIRE(insert_in_one_transaction(*writer, 2).ok());
  CHECK(*count_rows(*reader) == 2);
  CHECK_FALSE(reader->execute("DELETE FROM t").ok());
  CHECK(vfs.disk().files() == std::vector<std::string>{"t.db", "t.db-wal"});
  CHECK(vfs.disk().contains(as_bytes("SQLite format 3")));
}

TEST_CASE("two writers on the fault disk exclude each other", "[support]") {
  FaultVfs vfs;
  make_table(vfs);
  auto one = Database::open("t.db", on(vfs));
  auto other = Database::open("t.db", on(vfs));
  REQUIRE(other.ok());
  auto transaction = Transaction::begin(*one);
  REQUIRE(transaction.ok());
  auto refused = Transaction::begin(*other);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "database_locked");
}

TEST_CASE("two fault disks know nothing of each other", "[support]") {
  FaultVfs one;
  const FaultVfs other;
  make_table(one);
  CHECK(Database::open("t.db", on(other, Access::kReader)).ok() == false);
}

TEST_CASE("at every crash point a transaction is whole or absent, and what was committed before stays", "[support][crash]") {
  FaultVfs vfs;
  make_table(vfs);
  bool committed = false;
  int absent = 0;
  const auto scenario = [&] {
    committed = false;
    auto db = Database::open("t.db", on(vfs));
    if (!db.ok()) return;
    if (!insert_in_one_transaction(*db, 1).ok()) return;
    committed = insert_in_one_transaction(*db, 3).ok();
    static_cast<void>(db->checkpoint_truncate());
  };
  const CrashCount count = for_each_crash_point(vfs, scenario, [&](const CrashPoint&) {
    auto db = Database::open("t.db", on(vfs));
    REQUIRE(db.ok());
    REQUIRE(db->check_integrity().ok());
    const auto rows = *count_rows(*db);
    CHECK((rows == 0 || rows == 1 || rows == 4));
    if (committed) CHECK(rows == 4);
    absent += rows != 4;
  });
  CHECK(count.operations > 10);
  CHECK(count.crashes == count.operations * 3);
  CHECK(absent > 0);
}

TEST_CASE("a disk that forgets what it was told to sync loses a commit: the crash test can fail", "[support][crash]") {
  FaultVfs vfs;
  make_table(vfs);
  int lost = 0;
  bool committed = false;
  const auto scenario = [&] {
    committed = false;
    auto db = Database::open("t.db", on(vfs));
    if (!db.ok() || !db->execute("PRAGMA synchronous=OFF").ok()) return;
    committed = insert_in_one_transaction(*db, 1).ok();
    static_cast<void>(db->checkpoint_truncate());
  };
  for_each_crash_point(vfs, scenario, [&](const CrashPoint&) {
    auto db = Database::open("t.db", on(vfs));
    const bool there = db.ok() && count_rows(*db).ok() && *count_rows(*db) == 1;
    lost += committed && !there;
  });
  CHECK(lost > 0);
}

TEST_CASE("a flipped bit and a cut-off file reach the database", "[support]") {
  FaultVfs vfs;
  make_table(vfs);
  const auto saved = vfs.disk().snapshot();
  vfs.disk().flip_bit("t.db", 3, 0);
  auto flipped = Database::open("t.db", on(vfs));
  CHECK_FALSE(flipped.ok());
  vfs.disk().restore(saved);
  vfs.disk().cut_off("t.db", 4096);
  auto cut = Database::open("t.db", on(vfs));
  CHECK_FALSE((cut.ok() && cut->check_integrity().ok()));
  vfs.disk().restore(saved);
  auto whole = Database::open("t.db", on(vfs));
  REQUIRE(whole.ok());
  CHECK(whole->check_integrity().ok());
}
