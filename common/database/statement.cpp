#include "common/database/database.hpp"
#include "common/database/sqlite_error.hpp"

namespace lantaarn::database {

Statement::Statement(Statement&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      connection_(other.connection_),
      name_(other.name_),
      bind_error_(other.bind_error_) {}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(handle_, other.handle_);
  connection_ = other.connection_;
  name_ = other.name_;
  bind_error_ = other.bind_error_;
  return *this;
}

Statement::~Statement() { sqlite3_finalize(handle_); }

// A failed bind is remembered and reported by the next step, so that bindings can be chained.
void Statement::note(int result) {
  if (result != SQLITE_OK && bind_error_ == SQLITE_OK) bind_error_ = result;
}

Statement& Statement::bind(int index, std::int64_t value) {
  note(sqlite3_bind_int64(handle_, index, value));
  return *this;
}
Statement& Statement::bind(int index, ByteView blob) {
  // An empty blob is not NULL.
  if (blob.empty()) {
    note(sqlite3_bind_zeroblob(handle_, index, 0));
  } else {
    note(sqlite3_bind_blob64(handle_, index, blob.data(), blob.size(), SQLITE_TRANSIENT));
  }
  return *this;
}
Statement& Statement::bind_static(int index, ByteView blob) {
  if (blob.empty()) return bind(index, blob);
  note(sqlite3_bind_blob64(handle_, index, blob.data(), blob.size(), SQLITE_STATIC));
  return *this;
}
Statement& Statement::bind_text(int index, std::string_view text) {
  note(sqlite3_bind_text64(handle_, index, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}
Statement& Statement::bind_null(int index) {
  note(sqlite3_bind_null(handle_, index));
  return *this;
}

Result<bool> Statement::step() {
  if (const int failed = std::exchange(bind_error_, SQLITE_OK); failed != SQLITE_OK) {
    return sqlite_error(failed, *name_, "bind");
  }
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  Error error = sqlite_error(result, *name_, sqlite3_errmsg(connection_));
  reset();  // no binding outlives a failure: a static one may point to what is gone
  return error;
}

Status Statement::run() {
  while (true) {
    LANTAARN_ASSIGN(const bool row, step());
    if (!row) break;
  }
  reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_);
  sqlite3_clear_bindings(handle_);
}

std::int64_t Statement::column_int(int column) const { return sqlite3_column_int64(handle_, column); }
ByteView Statement::column_blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}
std::string Statement::column_text(int column) const { return to_string(column_blob(column)); }
bool Statement::column_is_null(int column) const { return sqlite3_column_type(handle_, column) == SQLITE_NULL; }

}  // namespace lantaarn::database
