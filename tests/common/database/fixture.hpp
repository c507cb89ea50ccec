#pragma once
// A database on a disk in memory, opened and reopened by name.

#include <catch2/catch.hpp>

#include "common/database/database.hpp"
#include "tests/support/fault_vfs.hpp"

namespace lantaarn::database {

struct Fixture {
  support::FaultVfs vfs;

  [[nodiscard]] OpenOptions options(Access access = Access::kWriter) const {
    OpenOptions made;
    made.access = access;
    made.vfs = vfs.name();
    made.busy_timeout_ms = 0;
    return made;
  }
  [[nodiscard]] Result<Database> open(Access access = Access::kWriter) const { return Database::open("/data/t.db", options(access)); }
  [[nodiscard]] Database writer() const { return must(open()); }
  [[nodiscard]] Database reader() const { return must(open(Access::kReader)); }
  support::FaultDisk& disk() { return vfs.disk(); }

  template <typename T>
  static T must(Result<T> result) {
    if (!result.ok()) FAIL(result.error().to_log_line());
    return std::move(result).value();
  }
  static void must(const Status& status) {
    if (!status.ok()) FAIL(status.error().to_log_line());
  }
};

inline std::int64_t number(Database& database, const std::string& sql) {
  Statement statement = Fixture::must(database.prepare(sql));
  REQUIRE(Fixture::must(statement.step()));
  return statement.column_int(0);
}

inline std::string text_of(Database& database, const std::string& sql) {
  Statement statement = Fixture::must(database.prepare(sql));
  REQUIRE(Fixture::must(statement.step()));
  return statement.column_text(0);
}

/// The code of a failure; "ok" for none.
template <typename T>
std::string code_of(const Result<T>& result) {
  return result.ok() ? "ok" : result.error().code;
}

}  // namespace lantaarn::database
