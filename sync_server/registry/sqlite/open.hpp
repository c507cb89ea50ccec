#pragma once
// The registry on SQLite: registry.db.

#include "common/database/database.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

/// Opens or creates. The data key seals everything that is sealed; a registry made with another is refused.
/// Errors: those of common/database; kRefused "data_key_wrong".
[[nodiscard]] Result<std::unique_ptr<Registry>> open_sqlite_registry(const std::string& path, crypto::Key data_key,
                                                                     database::OpenOptions options = {});

/// Reads of one moment, on a connection of its own beside the one that writes; kept short, for the writer's WAL grows as
/// long as it lives. begin() is an error.
[[nodiscard]] Result<std::unique_ptr<Registry>> open_sqlite_snapshot(const std::string& path, crypto::Key data_key,
                                                                     database::OpenOptions options = {});

}  // namespace lantaarn::server
