#pragma once
// The one way to open an SQLite file. Exactly one connection writes and checkpoints a database file, across all
// processes (the caller holds a FileLock); everyone else reads with `query_only` and never checkpoints on close.
// Reason: SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at once
// ("WAL-reset bug"); Debian 12 ships 3.40.1.
//
// Errors of every call here: kStorage "disk_full" | "disk_error"; kCorrupt "database_damaged"; kRetry
// "database_locked" | "memory_short"; kRefused "newer_store" (made by a newer program). Each names the file's base name.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace lantaarn::database {

enum class Access { kWriter, kReader };

struct OpenOptions {
  Access access = Access::kWriter;
  const char* vfs = nullptr;          ///< nullptr: the system's; tests name a fault-injecting one
  int page_bytes = 4096;              ///< for a new file
  int cache_kib = 2048;               ///< page cache
  int busy_timeout_ms = 2000;
  int wal_autocheckpoint_pages = 1000;
  /// No other connection may open the file while this one has it ("database_locked" for it): the WAL's index then lives
  /// in this process's memory, and a commit takes no file locks.
  bool exclusive = false;
};

/// A prepared statement with its bindings. Bind, then step; or bind, then run. Blobs are copied when bound unless a
/// name says otherwise. Single-threaded, must not outlive its Database.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, ByteView blob);
  /// The bytes must stay put until the statement is stepped and reset.
  Statement& bind_static(int index, ByteView blob);
  Statement& bind_text(int index, std::string_view text);
  Statement& bind_null(int index);

  /// True while a row stands ready.
  [[nodiscard]] Result<bool> step();
  /// Steps to the end, resets, clears bindings.
  [[nodiscard]] Status run();
  void reset();

  [[nodiscard]] std::int64_t column_int(int column) const;
  /// Lives until the next step or reset.
  [[nodiscard]] ByteView column_blob(int column) const;
  [[nodiscard]] std::string column_text(int column) const;
  [[nodiscard]] bool column_is_null(int column) const;

 private:
  friend class Database;
  Statement(sqlite3_stmt* handle, sqlite3* connection, const std::string* name)
      : handle_(handle), connection_(connection), name_(name) {}
  void note(int result);
  sqlite3_stmt* handle_ = nullptr;
  sqlite3* connection_ = nullptr;
  const std::string* name_ = nullptr;
  int bind_error_ = 0;
};

class Database {
 public:
  /// Opens (a writer also creates) `path`. Writer: WAL, synchronous=FULL, secure_delete=ON, temp_store=MEMORY,
  /// foreign_keys=ON. Reader: query_only, no checkpoint on close.
  [[nodiscard]] static Result<Database> open(const std::string& path, const OpenOptions& options);

  Database(Database&&) noexcept;
  Database& operator=(Database&&) noexcept;
  ~Database();

  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  /// One or more statements without results.
  [[nodiscard]] Status execute(const std::string& sql);
  [[nodiscard]] std::int64_t last_row_id() const;
  [[nodiscard]] std::int64_t changed_rows() const;

  /// Moves everything into the database file and empties the WAL. Success means that no older page is left in the WAL
  /// file, and that a power cut does not bring one back; kRetry "checkpoint_blocked" when a reader stood in the way.
  [[nodiscard]] Status checkpoint_truncate();
  /// `PRAGMA integrity_check`; kCorrupt "database_damaged".
  [[nodiscard]] Status check_integrity();

  [[nodiscard]] const std::string& name() const;

 private:
  friend class Transaction;
  struct Connection;
  [[nodiscard]] Status begin();
  [[nodiscard]] Status commit();
  [[nodiscard]] Status run_kept(sqlite3_stmt*& kept, const char* sql);
  explicit Database(std::unique_ptr<Connection> connection);
  std::unique_ptr<Connection> connection_;
};

/// BEGIN IMMEDIATE … COMMIT; rolled back unless commit() was called. After a successful commit() everything in it is
/// durable. After a failed one nothing of it is, and the database stands as before BEGIN.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

/// Removes the database file and what SQLite keeps beside it, durably; nothing may have it open. What is not there is fine.
[[nodiscard]] Status remove_file(const std::string& path, const char* vfs = nullptr);

/// Numbered, frozen steps; step i brings version i to i + 1. Each runs in one transaction with its version mark.
/// `application_id` marks the file as ours. kRefused "newer_store" when the file's version is above the last step.
[[nodiscard]] Status migrate(Database& database, std::int32_t application_id, const std::vector<std::string>& steps);
/// The version a file is at (0: fresh).
[[nodiscard]] Result<std::int64_t> stored_version(Database& database);

}  // namespace lantaarn::database
