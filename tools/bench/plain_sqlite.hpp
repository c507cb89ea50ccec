#pragma once
// The peer for storage: SQLite as anyone would use it, with the durability of ours (WAL, synchronous=FULL) and nothing
// else of ours.

#include <memory>
#include <string>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace lantaarn::bench {

class PlainSqlite {
 public:
  [[nodiscard]] static Result<PlainSqlite> create(const std::string& path);
  [[nodiscard]] Status begin();
  [[nodiscard]] Status insert(std::int64_t place, ByteView bytes);
  /// Durable on return.
  [[nodiscard]] Status commit();

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
    void operator()(sqlite3_stmt* handle) const;
  };
  PlainSqlite() = default;
  [[nodiscard]] Status prepare(const char* sql, std::unique_ptr<sqlite3_stmt, Closer>& into);
  [[nodiscard]] Status step(sqlite3_stmt* statement);
  std::unique_ptr<sqlite3, Closer> connection_;
  std::unique_ptr<sqlite3_stmt, Closer> begin_;
  std::unique_ptr<sqlite3_stmt, Closer> insert_;
  std::unique_ptr<sqlite3_stmt, Closer> commit_;
};

}  // namespace lantaarn::bench
