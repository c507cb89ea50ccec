#include "common/database/database.hpp"

namespace lantaarn::database {
namespace {

Result<std::int64_t> pragma_value(Database& database, const std::string& name) {
  LANTAARN_ASSIGN(Statement statement, database.prepare("PRAGMA " + name));
  LANTAARN_ASSIGN(const bool row, statement.step());
  if (!row) return bug("database: PRAGMA " + name + " gave no row");
  return statement.column_int(0);
}

}  // namespace

Result<std::int64_t> stored_version(Database& database) { return pragma_value(database, "user_version"); }

Status migrate(Database& database, std::int32_t application_id, const std::vector<std::string>& steps) {
  LANTAARN_ASSIGN(std::int64_t version, stored_version(database));
  LANTAARN_ASSIGN(const std::int64_t owner, pragma_value(database, "application_id"));
  // Both are written in one commit: one without the other has rotted.
  if (version < 0 || (version > 0) != (owner == application_id)) return corrupt("database_damaged", {database.name()});
  const auto last = static_cast<std::int64_t>(steps.size());
  if (version > last) return refused("newer_store", {database.name(), std::to_string(version), std::to_string(last)});
  for (; version < last; ++version) {
    LANTAARN_ASSIGN(Transaction transaction, Transaction::begin(database));
    LANTAARN_TRY(database.execute(steps[static_cast<std::size_t>(version)]));
    LANTAARN_TRY(database.execute("PRAGMA application_id=" + std::to_string(application_id) +
                                  ";PRAGMA user_version=" + std::to_string(version + 1)));
    LANTAARN_TRY(transaction.commit());
  }
  return {};
}

}  // namespace lantaarn::database
