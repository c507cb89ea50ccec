#include "sync_server/admin/scratch.hpp"

#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::server::admin {
namespace {

void remove_files(const std::string& path) {
  std::error_code ignored;
  for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(path + ending, ignored);
}

}  // namespace

Result<ScratchRegistry> ScratchRegistry::open(const Folder& folder) {
  const std::string path = folder.registry() + "/rebuild.db";
  remove_files(path);
  auto registry = open_sqlite_registry(path, crypto::random_secret<crypto::Key::kBytes>());
  if (!registry.ok()) {
    remove_files(path);
    return registry.error();
  }
  return ScratchRegistry(path, std::move(*registry));
}

ScratchRegistry::~ScratchRegistry() {
  if (registry_ == nullptr) return;
  registry_.reset();
  remove_files(path_);
}

}  // namespace lantaarn::server::admin
