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

/// A file that is there whole or not at all: written beside its name, and given the name at the end. Mode 0600.
class WholeFile {
 public:
  /// kRefused "file_exists" {path}; kStorage "file_not_written" {path}.
  [[nodiscard]] static Result<WholeFile> begin(const std::string& path);
  WholeFile(WholeFile&& other) noexcept;
  WholeFile& operator=(WholeFile&&) = delete;
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;
  /// What was not finished goes.
  ~WholeFile();

  /// kStorage "file_not_written" {path}.
  [[nodiscard]] Status write(ByteView content);
  /// Durable under its name on return. Errors as of begin(): nothing is left of it.
  [[nodiscard]] Status finish();

 private:
  WholeFile(std::string path, std::string beside, int descriptor)
      : path_(std::move(path)), beside_(std::move(beside)), descriptor_(descriptor) {}
  [[nodiscard]] Status flush();
  std::string path_;
  std::string beside_;  // empty: it has its name, or was moved from
  int descriptor_;
  Bytes buffer_;
};

}  // namespace lantaarn::server::admin
