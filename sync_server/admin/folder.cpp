#include "sync_server/admin/folder.hpp"

#include <filesystem>

namespace lantaarn::server::admin {

bool Folder::is_initialised() const {
  std::error_code ignored;
  return std::filesystem::exists(registry_database(), ignored);
}

Status Folder::make() const {
  for (const std::string& path : {root, gateway(), registry()}) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (!failed) std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
    if (failed) return in_context(storage_error("file_not_written", {path}), failed.message());
  }
  return {};
}

}  // namespace lantaarn::server::admin
