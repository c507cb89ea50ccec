#pragma once
// The seam for where a second copy lies: a folder, or anything mounted as one.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::server::backup {

/// Names are relative, with "/" between a folder and a file. Errors of every call: kStorage "target_unreachable" {where},
/// and nothing of the call is known to be durable then.
class TargetFiles {
 public:
  virtual ~TargetFiles() = default;
  /// Nothing when there is no such file.
  [[nodiscard]] virtual Result<std::optional<Bytes>> read(const std::string& name) = 0;
  /// From `at` to its end; empty when it ends before that.
  [[nodiscard]] virtual Result<Bytes> read_from(const std::string& name, std::uint64_t at) = 0;
  /// The file stands whole with this content, or as it was. Durable on return. With `scrub` what stood there before is
  /// overwritten too, as far as the file system does that in place.
  [[nodiscard]] virtual Status put(const std::string& name, ByteView content, bool scrub = false) = 0;
  /// Writes from `at` on, which is where the file's good part ends; what stands beyond is cut off. Durable on return.
  [[nodiscard]] virtual Status append(const std::string& name, std::uint64_t at, ByteView content) = 0;
  /// Names of files in a folder, in order; none when there is no such folder.
  [[nodiscard]] virtual Result<std::vector<std::string>> list(const std::string& folder) = 0;
  [[nodiscard]] virtual Status remove(const std::string& name) = 0;
  /// As people name it.
  [[nodiscard]] virtual const std::string& where() const = 0;
};

/// `path` must be a folder that exists: a medium that is not mounted must not be taken for an empty one.
[[nodiscard]] std::unique_ptr<TargetFiles> folder_files(const std::string& path);

}  // namespace lantaarn::server::backup
