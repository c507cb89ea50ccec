#pragma once
// A file on a stick: there whole or not at all. Written beside its name, mode 0600, and given the name at the end.

#include <string>
#include <utility>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::firmware {

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
  /// Durable under its name on return. Errors as of begin().
  [[nodiscard]] Status finish();

 private:
  WholeFile(std::string path, std::string beside, int descriptor)
      : path_(std::move(path)), beside_(std::move(beside)), descriptor_(descriptor) {}
  std::string path_;
  std::string beside_;  // empty: it has its name, or was moved from
  int descriptor_;
};

/// A folder of our own beside `path`, mode 0700, gone with this object.
class ScratchFolder {
 public:
  /// kStorage "file_not_written" {path}.
  [[nodiscard]] static Result<ScratchFolder> beside(const std::string& path);
  ScratchFolder(ScratchFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  ScratchFolder& operator=(ScratchFolder&&) = delete;
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  explicit ScratchFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace lantaarn::firmware
