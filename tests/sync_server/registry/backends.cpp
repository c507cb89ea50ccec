#include "sync_server/registry/sqlite/open.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/sync_server/registry/contract.hpp"

namespace lantaarn::support {
namespace {

class SqliteBackend final : public RegistryBackend {
 public:
  Result<std::unique_ptr<server::Registry>> open(const crypto::Key& data_key) override {
    return server::open_sqlite_registry(folder_.file("registry.db"), data_key.duplicate());
  }

 private:
  TempFolder folder_;
};

}  // namespace

const std::vector<BackendMaker>& backends() {
  static const std::vector<BackendMaker> makers = {{"sqlite", [] { return std::make_unique<SqliteBackend>(); }}};
  return makers;
}

}  // namespace lantaarn::support
