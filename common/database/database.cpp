#include "common/database/database.hpp"

#include <algorithm>
#include <filesystem>

#include "common/database/sqlite_error.hpp"

namespace lantaarn::database {

struct Database::Connection {
  sqlite3* handle = nullptr;
  std::string name;
  // Prepared once: a save pays for parsing them otherwise.
  sqlite3_stmt* begin = nullptr;
  sqlite3_stmt* commit = nullptr;
  sqlite3_stmt* rollback = nullptr;

  [[nodiscard]] Status status_of(int result) const {
    if (result == SQLITE_OK || result == SQLITE_DONE) return {};
    return sqlite_error(result, name, sqlite3_errmsg(handle));
  }
  [[nodiscard]] Status keep(sqlite3_stmt*& kept, const char* sql) const {
    if (kept != nullptr) return {};
    return status_of(sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &kept, nullptr));
  }
  ~Connection() {
    sqlite3_finalize(begin);
    sqlite3_finalize(commit);
    sqlite3_finalize(rollback);
    sqlite3_close_v2(handle);
  }
};

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

namespace {

std::string pragmas_for(const OpenOptions& options) {
  std::string sql = "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-" + std::to_string(options.cache_kib) + ";";
  if (options.access == Access::kReader) return sql + "PRAGMA query_only=ON;";
  return std::string(options.exclusive ? "PRAGMA locking_mode=EXCLUSIVE;" : "") + "PRAGMA page_size=" +
         std::to_string(options.page_bytes) + ";" + sql +
         // EXTRA syncs the folder when the switch to WAL removes the rollback journal: were that removal undone by a
         // power cut, the journal would be rolled back over a database whose WAL holds acknowledged commits.
         "PRAGMA synchronous=EXTRA;PRAGMA journal_mode=WAL;"
         "PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA foreign_keys=ON;"
         "PRAGMA wal_autocheckpoint=" + std::to_string(options.wal_autocheckpoint_pages) + ";";
}

// What this program asks fits the schema it made: when it does not, the schema is no longer what was written. SQLite tells
// that from SQL that does not parse, which is a mistake of ours, by its words only.
bool parses(std::string_view message) {
  constexpr std::string_view kDoesNotParse[] = {"syntax error", "incomplete input", "unrecognized token"};
  return std::none_of(std::begin(kDoesNotParse), std::end(kDoesNotParse), [&](std::string_view each) { return message.find(each) != std::string_view::npos; });
}

}  // namespace

Result<Database> Database::open(const std::string& path, const OpenOptions& options) {
  auto connection = std::make_unique<Connection>();
  connection->name = std::filesystem::path(path).filename().string();
  const int flags = (options.access == Access::kWriter ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const int opened = sqlite3_open_v2(path.c_str(), &connection->handle, flags, options.vfs);
  if (opened != SQLITE_OK) return sqlite_error(opened, connection->name, "open");
  sqlite3_busy_timeout(connection->handle, options.busy_timeout_ms);
  int ignored = 0;
  sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, &ignored);
  if (options.access == Access::kReader) sqlite3_db_config(connection->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &ignored);
  Database database(std::move(connection));
  LANTAARN_TRY(database.execute(pragmas_for(options)));
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int result = sqlite3_prepare_v3(connection_->handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &handle, nullptr);
  if ((result & 0xff) == SQLITE_ERROR && parses(sqlite3_errmsg(connection_->handle))) return in_context(corrupt("database_damaged", {connection_->name}), sqlite3_errmsg(connection_->handle));
  if (result != SQLITE_OK) return sqlite_error(result, connection_->name, sqlite3_errmsg(connection_->handle));
  return Statement(handle, connection_->handle, &connection_->name);
}

Status Database::execute(const std::string& sql) {
  const int result = sqlite3_exec(connection_->handle, sql.c_str(), nullptr, nullptr, nullptr);
  if (result != SQLITE_OK) return sqlite_error(result, connection_->name, sqlite3_errmsg(connection_->handle));
  return {};
}

Status Database::run_kept(sqlite3_stmt*& kept, const char* sql) {
  LANTAARN_TRY(connection_->keep(kept, sql));
  const int result = sqlite3_step(kept);
  sqlite3_reset(kept);
  return connection_->status_of(result);
}

// What takes a transaction back must be there before it is needed: memory may be what has run out.
Status Database::begin() {
  LANTAARN_TRY(connection_->keep(connection_->rollback, "ROLLBACK"));
  return run_kept(connection_->begin, "BEGIN IMMEDIATE");
}
Status Database::commit() { return run_kept(connection_->commit, "COMMIT"); }

std::int64_t Database::last_row_id() const { return sqlite3_last_insert_rowid(connection_->handle); }
std::int64_t Database::changed_rows() const { return sqlite3_changes64(connection_->handle); }
const std::string& Database::name() const { return connection_->name; }

namespace {

// SQLite truncates the WAL without syncing it: a power cut could bring back older pages, and what was deleted in them.
int sync_wal(sqlite3* connection) {
  sqlite3_file* wal = nullptr;
  const int found = sqlite3_file_control(connection, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &wal);
  if (found != SQLITE_OK || wal == nullptr || wal->pMethods == nullptr) return found;
  return wal->pMethods->xSync(wal, SQLITE_SYNC_NORMAL);
}

}  // namespace

Status Database::checkpoint_truncate() {
  int log_frames = -1;
  int moved_frames = -1;
  const int result =
      sqlite3_wal_checkpoint_v2(connection_->handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, &log_frames, &moved_frames);
  if (result == SQLITE_BUSY || result == SQLITE_LOCKED) return retry("checkpoint_blocked", {connection_->name});
  if (result != SQLITE_OK) return sqlite_error(result, connection_->name, "checkpoint");
  if (log_frames != 0 || moved_frames != 0) return retry("checkpoint_blocked", {connection_->name});
  if (const int synced = sync_wal(connection_->handle); synced != SQLITE_OK) return sqlite_error(synced, connection_->name, "sync");
  return {};
}

Status Database::check_integrity() {
  LANTAARN_ASSIGN(Statement statement, prepare("PRAGMA integrity_check"));
  LANTAARN_ASSIGN(const bool row, statement.step());
  if (!row || statement.column_text(0) != "ok") return corrupt("database_damaged", {connection_->name});
  return {};
}

// The database first: of a WAL without one SQLite makes nothing.
Status remove_file(const std::string& path, const char* vfs) {
  sqlite3_vfs* const files = sqlite3_vfs_find(vfs);
  const std::string name = std::filesystem::path(path).filename().string();
  if (files == nullptr) return bug("database: no such vfs");
  std::string full(static_cast<std::size_t>(files->mxPathname) + 1, '\0');
  const int found = files->xFullPathname(files, path.c_str(), files->mxPathname + 1, full.data());
  if ((found & 0xff) != SQLITE_OK) return sqlite_error(found, name, "path");
  full.resize(full.find('\0'));
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    const int removed = files->xDelete(files, (full + suffix).c_str(), 1);
    if (removed != SQLITE_OK && removed != SQLITE_IOERR_DELETE_NOENT) return sqlite_error(removed, name, "remove");
  }
  return {};
}

Result<Transaction> Transaction::begin(Database& database) {
  LANTAARN_TRY(database.begin());
  return Transaction(database);
}

Status Transaction::commit() {
  if (database_ == nullptr) return bug("database: commit of a finished transaction");
  LANTAARN_TRY(database_->commit());
  database_ = nullptr;
  return {};
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  // Failing means that SQLite has rolled back by itself already (after IOERR, FULL, NOMEM). No error is made of it:
  // there may be no memory for one.
  sqlite3_stmt* const rollback = database_->connection_->rollback;
  sqlite3_step(rollback);
  sqlite3_reset(rollback);
}

}  // namespace lantaarn::database
