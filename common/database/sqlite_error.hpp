#pragma once
// Inside this room only: SQLite's result codes as our errors.

#include <sqlite3.h>

#include <string_view>

#include "common/base/result.hpp"

namespace lantaarn::database {

inline Error sqlite_error(int result, const std::string& name, const char* message) {
  Error error;
  switch (result & 0xff) {
    case SQLITE_FULL: error = storage_error("disk_full", {name}); break;
    case SQLITE_IOERR:
      error = storage_error("disk_error", {name});
      if (result == SQLITE_IOERR_NOMEM) error = retry("memory_short");
      // The WAL index could not grow: SQLite has no other word for a disk without room there.
      if (result == SQLITE_IOERR_SHMSIZE) error = storage_error("disk_full", {name});
      break;
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: error = storage_error("disk_error", {name}); break;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: error = corrupt("database_damaged", {name}); break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: error = retry("database_locked", {name}); break;
    case SQLITE_NOMEM: error = retry("memory_short"); break;
    default:
      // A file that says it is of a version of SQLite's to come; there is no code for it.
      if (message != nullptr && std::string_view(message) == "unsupported file format") {
        error = corrupt("database_damaged", {name});
        break;
      }
      error = bug("database: " + name);
      break;
  }
  if (message != nullptr) error = in_context(std::move(error), "sqlite " + std::to_string(result) + " " + message);
  return error;
}

}  // namespace lantaarn::database
