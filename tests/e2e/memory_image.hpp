#pragma once
// What stands in another process's memory, all of it: as a core file would hold it.

#include <cstdint>
#include <string>
#include <vector>

namespace lantaarn::e2e {

struct Mapping {
  std::uint64_t begin = 0, end = 0;
  std::string access;     ///< "rw-p"
  std::string name;       ///< a file, "[heap]", "[stack]", or ""
  std::string flags;      ///< of smaps' VmFlags: "lo" locked, "dd" not in a core
};

class MemoryImage {
 public:
  /// Stops nothing: the process should be waiting. Throws std::runtime_error when it may not be read (only root may read
  /// a process that has closed itself).
  explicit MemoryImage(int pid);

  /// Where `needle` stands; empty: nowhere.
  [[nodiscard]] std::vector<Mapping> holding(const std::string& needle) const;
  [[nodiscard]] bool holds(const std::string& needle) const { return !holding(needle).empty(); }
  [[nodiscard]] std::size_t bytes() const;
  /// All of it in one file, one mapping after another.
  void write_core(const std::string& path) const;

 private:
  std::vector<std::pair<Mapping, std::string>> mappings_;
};

/// Whether this process may read the memory of one that has closed itself.
[[nodiscard]] bool can_read_memory();

}  // namespace lantaarn::e2e
