#pragma once
// A folder of a test's own, gone with everything in it when the object goes.

#include <filesystem>
#include <string>

namespace lantaarn::support {

class TempFolder {
 public:
  /// Throws std::runtime_error when it cannot be made.
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// "<folder>/<name>".
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The whole file. Throws std::runtime_error when it cannot be read.
[[nodiscard]] std::string read_file(const std::string& path);
/// Writes the file anew. Throws std::runtime_error when it cannot.
void write_file(const std::string& path, const std::string& content);

/// Whether any regular file below `folder` contains `needle`; names of such files are put into `found_in`.
[[nodiscard]] bool folder_contains(const std::filesystem::path& folder, const std::string& needle, std::string& found_in);

}  // namespace lantaarn::support
