#include "tests/common/database/fixture.hpp"

using namespace lantaarn;
using namespace lantaarn::database;

TEST_CASE("what is bound comes back, and empty is not null", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Statement row = Fixture::must(db.prepare("SELECT $1, $2, $3, $4, $5, $6"));
  const Bytes blob{0, 1, 255};
  row.bind(1, std::int64_t{-9'000'000'000}).bind(2, blob).bind(3, ByteView{}).bind_text(4, "é\0x").bind_text(5, {}).bind_null(6);
  REQUIRE(Fixture::must(row.step()));
  CHECK(row.column_int(0) == -9'000'000'000);
  CHECK(to_bytes(row.column_blob(1)) == blob);
  CHECK_FALSE(row.column_is_null(2));
  CHECK(row.column_blob(2).empty());
  CHECK(row.column_text(3) == "é");
  CHECK_FALSE(row.column_is_null(4));
  CHECK(row.column_is_null(5));
}

TEST_CASE("a text keeps its zero bytes", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Statement row = Fixture::must(db.prepare("SELECT $1"));
  row.bind_text(1, std::string_view("a\0b", 3));
  REQUIRE(Fixture::must(row.step()));
  CHECK(row.column_text(0) == std::string("a\0b", 3));
}

TEST_CASE("a statement that was run has forgotten its bindings", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(x)"));
  Statement insert = Fixture::must(db.prepare("INSERT INTO t VALUES($1)"));
  Fixture::must(insert.bind(1, std::int64_t{5}).run());
  Fixture::must(insert.run());
  CHECK(number(db, "SELECT count(*) FROM t WHERE x = 5") == 1);
  CHECK(number(db, "SELECT count(*) FROM t WHERE x IS NULL") == 1);
  CHECK(db.changed_rows() == 1);
  CHECK(db.last_row_id() == 2);
}

TEST_CASE("a binding that does not fit the statement is reported, not lost", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(x)"));
  Statement insert = Fixture::must(db.prepare("INSERT INTO t VALUES($1)"));
  CHECK_FALSE(insert.bind(2, std::int64_t{1}).run().ok());
  CHECK(number(db, "SELECT count(*) FROM t") == 0);
  CHECK(insert.bind(1, std::int64_t{1}).run().ok());
}

TEST_CASE("SQL that does not parse is a defect of the program", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  CHECK(code_of(db.prepare("SELEKT 1")) == "internal");
  CHECK(code_of(db.execute("SELEKT 1")) == "internal");
}

TEST_CASE("a broken constraint is an error, and the statement can be used again", "[database]") {
  const Fixture fixture;
  Database db = fixture.writer();
  Fixture::must(db.execute("CREATE TABLE t(x PRIMARY KEY)"));
  Statement insert = Fixture::must(db.prepare("INSERT INTO t VALUES($1)"));
  Fixture::must(insert.bind(1, std::int64_t{1}).run());
  CHECK_FALSE(insert.bind(1, std::int64_t{1}).run().ok());
  CHECK(insert.bind(1, std::int64_t{2}).run().ok());
}

TEST_CASE("a schema that is no longer what was written is damage, not a defect", "[database]") {
  const Fixture fixture;
  Database database = fixture.writer();
  REQUIRE(database.execute("CREATE TABLE thing(name TEXT)"));
  for (const char* sql : {"SELECT place FROM thing", "INSERT INTO thing(place) VALUES('x')", "UPDATE thing SET place = 'x'", "SELECT name FROM things"}) {
    INFO(sql);
    const auto prepared = database.prepare(sql);
    REQUIRE_FALSE(prepared.ok());
    CHECK(prepared.error().kind == ErrorKind::kCorrupt);
    CHECK(prepared.error().code == "database_damaged");
  }
}
