#pragma once
// The server's data folder: what lies where, and who may use it now.

#include <string>

#include "common/database/file_lock.hpp"

namespace lantaarn::server::admin {

struct Folder {
  std::string root;
  [[nodiscard]] std::string lock() const { return root + "/lock"; }
  [[nodiscard]] std::string control_socket() const { return root + "/control.sock"; }
  [[nodiscard]] std::string gateway() const { return root + "/gateway"; }
  [[nodiscard]] std::string inbox() const { return root + "/gateway/inbox.db"; }
  [[nodiscard]] std::string registry() const { return root + "/registry"; }
  [[nodiscard]] std::string registry_database() const { return root + "/registry/registry.db"; }
  [[nodiscard]] std::string data_key() const { return root + "/registry/data.key"; }

  /// Whether `init` has been here.
  [[nodiscard]] bool is_initialised() const;
  /// Makes the folders, 0700 each. kStorage "file_not_written".
  [[nodiscard]] Status make() const;
};

}  // namespace lantaarn::server::admin
