#pragma once
// Inside this room only: what the log table says, held against the entries themselves.

#include <map>

#include "common/journal/state.hpp"

namespace lantaarn::journal {

/// Logs as an opening finds them.
struct FoundLogs {
  std::optional<OpenLog> open;            ///< the last one that is neither frozen nor damaged
  std::optional<LogState> last;           ///< in order of creation
  std::vector<Damage> damage;
  std::map<std::int64_t, LogId> renamed;  ///< rows whose log id rotted, and what their entries say
};
[[nodiscard]] Result<FoundLogs> find_logs(database::Database& database, const DeviceId& device, const std::vector<KnownAuthor>& authors);

/// Every log, as read_logs() takes it.
[[nodiscard]] Result<database::Statement> select_logs(database::Database& database);
[[nodiscard]] Result<std::vector<LogState>> read_logs(database::Statement& rows, const DeviceId& device,
                                                      const std::map<std::int64_t, LogId>& renamed);
/// Who has signed here, as the journal's own companions say.
[[nodiscard]] Result<std::vector<KnownAuthor>> read_authors(database::Database& database);
/// Freezes what must not be written any more and makes sure that one log is open. Durable on return.
[[nodiscard]] Status freeze_and_start(database::Database& database, const DeviceId& device, const std::optional<LogState>& old);

}  // namespace lantaarn::journal
