#pragma once
// The registry data key: where it comes from. KEYS.md is the document.

#include <string>

#include "common/crypto/secret.hpp"
#include "sync_server/admin/folder.hpp"

namespace lantaarn::server::admin {

/// The file that counts.
[[nodiscard]] std::string data_key_path(const Folder& folder, const std::string& key_file);
/// kRefused "data_key_missing" {path}, "data_key_unreadable" {path}.
[[nodiscard]] Result<crypto::Key> read_data_key(const Folder& folder, const std::string& key_file);
/// The one that is there, or a new one, durable on return. Errors: those of read_data_key and of NewFile.
[[nodiscard]] Result<crypto::Key> make_data_key(const Folder& folder, const std::string& key_file);

}  // namespace lantaarn::server::admin
