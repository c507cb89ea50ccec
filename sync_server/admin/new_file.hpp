#pragma once
// A file that must not exist yet, claimed before the work that will fill it.

#include <string>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::server::admin {

/// Exists (empty, mode 0600) from claim() on; removed again unless fill() succeeded.
class NewFile {
 public:
  /// kRefused "file_exists" {path}; kStorage "file_not_written" {path}.
  [[nodiscard]] static Result<NewFile> claim(const std::string& path);
  NewFile(NewFile&& other) noexcept;
  NewFile& operator=(NewFile&&) = delete;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile();

  /// Durable on return. kStorage "file_not_written" {path}: nothing is left of it.
  [[nodiscard]] Status fill(ByteView content);

 private:
  NewFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;
  int descriptor_;
  bool filled_ = false;
};

}  // namespace lantaarn::server::admin
