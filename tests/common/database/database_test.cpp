#include "tests/common/database/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::database;

TEST_CASE("a writer waits for the disk at every commit and keeps secrets out of freed space", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  CHECK(text_of(db, "PRAGMA journal_mode") == "wal");
  CHECK(number(db, "PRAGMA synchronous") == 2);
  CHECK(number(db, "PRAGMA secure_delete") == 1);
  CHECK(number(db, "PRAGMA foreign_keys") == 1);
  CHECK(number(db, "PRAGMA temp_store") == 2);
}

TEST_CASE("a reader sees what is committed, and cannot write", "[database]") {
  const Fixture fixture;
  Database writer = fixture.writer();
  Fixture::must(writer.execute("CREATE TABLE t(x); INSERT INTO t VALUES(1)"));
  Database reader = fixture.reader();
  {
    auto transaction = Fixture::must(Transaction::begin(writer));
    Fixture::must(writer.execute("INSERT INTO t VALUES(2)"));
    CHECK(number(reader, "SELECT count(*) FROM t") == 1);
    Fixture::must(transaction.commit());
  }
  CHECK(number(reader, "SELECT count(*) FROM t") == 2);
  CHECK_FALSE(reader.execute("INSERT INTO t VALUES(3)").ok());
  CHECK_FALSE(reader.execute("CREATE TABLE u(x)").ok());
  CHECK(number(writer, "SELECT count(*) FROM t") == 2);
}

TEST_CASE("a reader neither creates a database nor writes to one when it closes", "[database]") {
  Fixture fixture;
  CHECK(code_of(fixture.open(Access::kReader)) == "disk_error");
  CHECK(fixture.disk().files().empty());
  Database writer = fixture.writer();
  Fixture::must(writer.execute("CREATE TABLE t(x)"));
  fixture.disk().reset_count();
  { Database reader = fixture.reader(); }
  CHECK(fixture.disk().operations() == 0);
}

TEST_CASE("a transaction that is let go leaves nothing", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(x)"));
  {
    auto transaction = Fixture::must(Transaction::begin(db));
    Fixture::must(db.execute("INSERT INTO t VALUES(1)"));
  }
  CHECK(number(db, "SELECT count(*) FROM t") == 0);
  auto transaction = Fixture::must(Transaction::begin(db));
  Fixture::must(transaction.commit());
  CHECK(code_of(transaction.commit()) == "internal");
}

TEST_CASE("a second writer is told that the database is locked", "[database]") {
  const Fixture fixture;
  Database one = fixture.writer();
  Database other = fixture.writer();
  const auto held = Fixture::must(Transaction::begin(one));
  const auto refused = Transaction::begin(other);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().kind == ErrorKind::kRetry);
  CHECK(refused.error().code == "database_locked");
  CHECK(refused.error().args == std::vector<std::string>{"t.db"});
}

TEST_CASE("a truncated WAL is empty, and everything is in the database file", "[database]") {
  Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(x); INSERT INTO t VALUES('canary-4711')"));
  CHECK(fixture.disk().content("/data/t.db-wal").size() > 4096);
  Fixture::must(db.checkpoint_truncate());
  CHECK(fixture.disk().content("/data/t.db-wal").empty());
  CHECK(fixture.disk().contains(as_bytes("canary-4711")));
  CHECK(number(db, "SELECT count(*) FROM t") == 1);
}

TEST_CASE("a reader in the middle of a look keeps the WAL from being emptied", "[database]") {
  const Fixture fixture;
  Database writer = fixture.writer();
  Fixture::must(writer.execute("CREATE TABLE t(x); INSERT INTO t VALUES(1),(2)"));
  Database reader = fixture.reader();
  Statement look = Fixture::must(reader.prepare("SELECT x FROM t"));
  REQUIRE(Fixture::must(look.step()));
  Fixture::must(writer.execute("INSERT INTO t VALUES(3)"));
  const Status blocked = writer.checkpoint_truncate();
  CHECK(code_of(blocked) == "checkpoint_blocked");
  CHECK(blocked.error().kind == ErrorKind::kRetry);
  look.reset();
  CHECK(code_of(writer.checkpoint_truncate()) == "ok");
}

TEST_CASE("a deleted row is found nowhere once the WAL is truncated", "[database]") {
  const bool as_blob = GENERATE(false, true);
  Fixture fixture;
  const std::string canary = "kanarie" + std::string(3000, 'k');  // larger than half a page: an overflow page too
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, note); CREATE INDEX by_note ON t(substr(note, 1, 20))"));
  Statement insert = Fixture::must(db.prepare("INSERT INTO t(note) VALUES($1)"));
  for (int i = 0; i < 5; ++i) {
    if (as_blob) insert.bind(1, as_bytes(canary));
    if (!as_blob) insert.bind_text(1, canary);
    Fixture::must(insert.run());
  }
  Fixture::must(db.checkpoint_truncate());
  REQUIRE(fixture.disk().contains(as_bytes("kanariekkkk")));
  Fixture::must(db.execute("DELETE FROM t"));
  Fixture::must(db.checkpoint_truncate());
  CHECK_FALSE(fixture.disk().contains(as_bytes("kanarie")));
  CHECK_FALSE(fixture.disk().contains(as_bytes("kkkkkkkk")));
}

TEST_CASE("an updated value's old bytes are gone once the WAL is truncated", "[database]") {
  Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(note); INSERT INTO t VALUES('kanarie-een-twee'); UPDATE t SET note='x'"));
  CHECK(fixture.disk().contains(as_bytes("kanarie")));
  Fixture::must(db.checkpoint_truncate());
  CHECK_FALSE(fixture.disk().contains(as_bytes("kanarie")));
}

TEST_CASE("a database that is removed is gone with its WAL, also when the power goes then", "[database]") {
  Fixture fixture;
  Fixture::must(fixture.writer().execute("CREATE TABLE t(x); INSERT INTO t VALUES('what was kept')"));
  fixture.disk().put("/data/t.db-wal", as_bytes("what was kept"));  // as after a crash
  REQUIRE(fixture.disk().files().size() >= 2);
  Fixture::must(remove_file("/data/t.db", fixture.vfs.name()));
  fixture.disk().power_cut(support::Outcome::kUnsyncedDropped);
  CHECK(fixture.disk().files().empty());
  CHECK_FALSE(fixture.disk().contains(as_bytes("what was kept")));
  Fixture::must(remove_file("/data/t.db", fixture.vfs.name()));
  CHECK(code_of(remove_file("/data/t.db", "no such vfs")) == "internal");
  Database fresh = fixture.writer();
  CHECK(number(fresh, "SELECT count(*) FROM sqlite_master") == 0);
}

TEST_CASE("a database that cannot be removed is an error of the disk", "[database]") {
  Fixture fixture;
  Fixture::must(fixture.writer().execute("CREATE TABLE t(x)"));
  fixture.disk().reset_count();
  fixture.disk().fail_at(1, support::Fault::kIoError, true);
  CHECK(code_of(remove_file("/data/t.db", fixture.vfs.name())) == "disk_error");
}
