#include "sync_server/admin/restore.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>

#include "sync_server/admin/data_key.hpp"
#include "sync_server/admin/keys.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::server::admin {
namespace {

namespace fs = std::filesystem;

Error not_written(const std::string& path, const std::error_code& failed) {
  return in_context(storage_error("file_not_written", {path}), failed.message());
}

Status check_free(const std::string& path) {
  std::error_code failed;
  const bool there = fs::exists(path, failed);
  if (there && (!fs::is_directory(path, failed) || !fs::is_empty(path, failed))) return refused("folder_not_empty", {path});
  return failed ? Status(not_written(path, failed)) : Status();
}

Status sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const std::error_code why(errno, std::generic_category());
  if (descriptor >= 0) ::close(descriptor);
  return synced ? Status() : Status(not_written(folder.string(), why));
}

// Every name below it, and itself.
Status sync_tree(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> folders{folder};
  for (const auto& entry : fs::recursive_directory_iterator(folder, failed)) {
    if (entry.is_directory()) folders.push_back(entry.path());
  }
  if (failed) return not_written(folder.string(), failed);
  for (const fs::path& one : folders) LANTAARN_TRY(sync_folder(one));
  return {};
}

// All stores open and close in here; what is left is files.
Result<PutBack> fill(const Folder& folder, const std::string& key_file, backup::TargetFiles& files, const backup::RestorePlan& plan,
                     const backup::RecoveryKey& recovery, std::int64_t now_ms) {
  LANTAARN_TRY(folder.make());
  LANTAARN_ASSIGN(crypto::Key data_key, make_data_key(folder, key_file));
  LANTAARN_ASSIGN(const auto registry, open_sqlite_registry(folder.registry_database(), std::move(data_key)));
  LANTAARN_TRY(backup::put_back_keys(*registry, plan));
  LANTAARN_ASSIGN(const Keys keys, load_keys(*registry));
  const ServerKeys merge_keys{keys.server, keys.sealing, keys.sealing_number, keys.authority, &keys.former_sealing};
  std::vector<const crypto::BoxKey*> opens{&keys.sealing};
  for (const auto& [number, former] : keys.former_sealing) opens.push_back(&former);
  PutBack back;
  LANTAARN_ASSIGN(back.restored, backup::put_back_registry(*registry, merge_keys, opens, files, plan, recovery, now_ms));
  LANTAARN_ASSIGN(back.batches, backup::put_back_inbox(folder.inbox(), *registry, plan, back.restored));
  LANTAARN_ASSIGN(back.digest, digest(*registry));
  return back;
}

}  // namespace

Result<PutBack> put_back(const Folder& folder, const std::string& key_file, backup::TargetFiles& files, const backup::RestorePlan& plan,
                         const backup::RecoveryKey& recovery, std::int64_t now_ms) {
  LANTAARN_TRY(check_free(folder.root));
  const Folder unfinished{folder.root + ".unfinished"};
  std::error_code failed;
  fs::remove_all(unfinished.root, failed);
  auto back = failed ? Result<PutBack>(not_written(unfinished.root, failed)) : fill(unfinished, key_file, files, plan, recovery, now_ms);
  if (!back.ok()) {
    fs::remove_all(unfinished.root, failed);
    return back;
  }
  LANTAARN_TRY(sync_tree(unfinished.root));
  fs::rename(unfinished.root, folder.root, failed);
  if (failed) return not_written(folder.root, failed);
  const fs::path above = fs::path(folder.root).parent_path();
  LANTAARN_TRY(sync_folder(above.empty() ? "." : above));
  return back;
}

}  // namespace lantaarn::server::admin
