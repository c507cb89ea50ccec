#pragma once
// A second, empty registry for the length of one comparison.

#include "sync_server/admin/folder.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server::admin {

/// In the registry's folder, sealed under a key that nobody keeps; its files go with the object, and what a crash left
/// of an earlier one goes at open().
class ScratchRegistry {
 public:
  /// Errors: those of common/database ("rebuild.db" in them).
  [[nodiscard]] static Result<ScratchRegistry> open(const Folder& folder);
  ScratchRegistry(ScratchRegistry&& other) noexcept = default;
  ScratchRegistry& operator=(ScratchRegistry&&) = delete;
  ~ScratchRegistry();

  [[nodiscard]] Registry& registry() { return *registry_; }

 private:
  ScratchRegistry(std::string path, std::unique_ptr<Registry> registry) : path_(std::move(path)), registry_(std::move(registry)) {}
  std::string path_;
  std::unique_ptr<Registry> registry_;
};

}  // namespace lantaarn::server::admin
