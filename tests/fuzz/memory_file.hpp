#pragma once
// A file that exists in memory only, for decoders that take a path.

#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "tests/fuzz/fuzz.hpp"

namespace lantaarn::fuzz {

class MemoryFile {
 public:
  explicit MemoryFile(ByteView content) : descriptor_(memfd_create("fuzz", MFD_CLOEXEC)) {
    promise(descriptor_ >= 0);
    promise(content.empty() || write(descriptor_, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

}  // namespace lantaarn::fuzz
