#include "tools/bench/plain_sqlite.hpp"

#include <sqlite3.h>

namespace lantaarn::bench {

void PlainSqlite::Closer::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
void PlainSqlite::Closer::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Result<PlainSqlite> PlainSqlite::create(const std::string& path) {
  PlainSqlite made;
  sqlite3* handle = nullptr;
  const int opened = sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  made.connection_.reset(handle);
  const char* schema = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "CREATE TABLE entry(place INTEGER PRIMARY KEY, bytes BLOB NOT NULL)";
  if (opened != SQLITE_OK || sqlite3_exec(handle, schema, nullptr, nullptr, nullptr) != SQLITE_OK) {
    return bug("plain sqlite: open");
  }
  LANTAARN_TRY(made.prepare("BEGIN IMMEDIATE", made.begin_));
  LANTAARN_TRY(made.prepare("INSERT INTO entry(place, bytes) VALUES(?1, ?2)", made.insert_));
  LANTAARN_TRY(made.prepare("COMMIT", made.commit_));
  return made;
}

Status PlainSqlite::prepare(const char* sql, std::unique_ptr<sqlite3_stmt, Closer>& into) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v2(connection_.get(), sql, -1, &statement, nullptr);
  into.reset(statement);
  return result == SQLITE_OK ? Status() : Status(bug("plain sqlite: prepare"));
}

Status PlainSqlite::step(sqlite3_stmt* statement) {
  const int result = sqlite3_step(statement);
  sqlite3_reset(statement);
  return result == SQLITE_DONE ? Status() : Status(bug("plain sqlite: step"));
}

Status PlainSqlite::begin() { return step(begin_.get()); }
Status PlainSqlite::commit() { return step(commit_.get()); }

Status PlainSqlite::insert(std::int64_t place, ByteView bytes) {
  sqlite3_bind_int64(insert_.get(), 1, place);
  sqlite3_bind_blob64(insert_.get(), 2, bytes.data(), bytes.size(), SQLITE_STATIC);
  return step(insert_.get());
}

}  // namespace lantaarn::bench
