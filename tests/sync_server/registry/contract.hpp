#pragma once
// What every registry must do, whatever it is stored in. A backend adds its factory to backends().

#include <catch2/catch.hpp>
#include <functional>

#include "sync_server/registry/registry.hpp"
#include "tests/sync_server/merge/town.hpp"

namespace lantaarn::support {

/// A store that outlives its registry: open() may be called again after the last one is gone.
class RegistryBackend {
 public:
  virtual ~RegistryBackend() = default;
  [[nodiscard]] virtual Result<std::unique_ptr<server::Registry>> open(const crypto::Key& data_key) = 0;
};

struct BackendMaker {
  const char* name;
  std::function<std::unique_ptr<RegistryBackend>()> make;
};
[[nodiscard]] const std::vector<BackendMaker>& backends();

}  // namespace lantaarn::support
