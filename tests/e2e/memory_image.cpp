#include "tests/e2e/memory_image.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace lantaarn::e2e {
namespace {

std::vector<Mapping> mappings_of(int pid) {
  std::ifstream smaps("/proc/" + std::to_string(pid) + "/smaps");
  std::vector<Mapping> mappings;
  for (std::string line; std::getline(smaps, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "VmFlags:") {
      if (!mappings.empty()) mappings.back().flags = line;
    } else if (const auto dash = first.find('-'); dash != std::string::npos && first.back() != ':') {
      Mapping mapping{std::stoull(first.substr(0, dash), nullptr, 16), std::stoull(first.substr(dash + 1), nullptr, 16), "", "", ""};
      std::string offset, device, inode;
      words >> mapping.access >> offset >> device >> inode >> mapping.name;
      mappings.push_back(mapping);
    }
  }
  return mappings;
}

// Guard pages and the kernel's own do not read: nothing stands there.
std::string read_mapping(int memory, const Mapping& mapping) {
  std::string bytes(mapping.end - mapping.begin, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = ::pread(memory, bytes.data() + size, bytes.size() - size, static_cast<off_t>(mapping.begin + size));
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace

MemoryImage::MemoryImage(int pid) {
  const int memory = ::open(("/proc/" + std::to_string(pid) + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
  if (memory < 0) throw std::runtime_error("the memory of another process may not be read");
  for (const Mapping& mapping : mappings_of(pid)) mappings_.emplace_back(mapping, read_mapping(memory, mapping));
  ::close(memory);
}

std::vector<Mapping> MemoryImage::holding(const std::string& needle) const {
  std::vector<Mapping> found;
  for (const auto& [mapping, bytes] : mappings_) {
    if (bytes.find(needle) != std::string::npos) found.push_back(mapping);
  }
  return found;
}

std::size_t MemoryImage::bytes() const {
  std::size_t sum = 0;
  for (const auto& [mapping, bytes] : mappings_) sum += bytes.size();
  return sum;
}

void MemoryImage::write_core(const std::string& path) const {
  std::ofstream core(path, std::ios::binary);
  for (const auto& [mapping, bytes] : mappings_) core << bytes;
}

bool can_read_memory() { return ::geteuid() == 0; }

}  // namespace lantaarn::e2e
