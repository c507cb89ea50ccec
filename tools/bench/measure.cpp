#include "tools/bench/measure.hpp"

#include <linux/magic.h>
#include <sys/vfs.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <vector>

namespace lantaarn::bench {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

Result<Medians> interleave(int rounds, const Measurement& ours, const Measurement& peer) {
  std::vector<double> our_values;
  std::vector<double> peer_values;
  for (int round = 0; round < rounds; ++round) {
    LANTAARN_ASSIGN(const double our_value, ours());
    LANTAARN_ASSIGN(const double peer_value, peer());
    our_values.push_back(our_value);
    peer_values.push_back(peer_value);
  }
  return Medians{median(our_values), median(peer_values)};
}

Result<double> median_of(int rounds, const Measurement& ours) {
  std::vector<double> values;
  for (int round = 0; round < rounds; ++round) {
    LANTAARN_ASSIGN(const double value, ours());
    values.push_back(value);
  }
  return median(values);
}

Result<WorkFolder> WorkFolder::make() {
  std::error_code failure;
  std::string path = (std::filesystem::temp_directory_path(failure) / "lantaarn-bench-XXXXXX").string();
  if (failure || mkdtemp(path.data()) == nullptr) return storage_error("disk_error", {path});
  WorkFolder made(path);
  struct statfs kind {};
  if (statfs(path.c_str(), &kind) != 0) return storage_error("disk_error", {path});
  if (kind.f_type == TMPFS_MAGIC || kind.f_type == RAMFS_MAGIC) {
    return in_context(refused("not_a_disk"), path + " is kept in memory: set TMPDIR to a folder on a disk");
  }
  return made;
}

WorkFolder::~WorkFolder() {
  if (!path_.empty()) remove_all(path_);
}

std::string WorkFolder::fresh(const std::string& name) { return path_ + "/" + std::to_string(++given_) + "-" + name; }

void remove_all(const std::string& path) {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

void remove_database(const std::string& path) {
  for (const char* suffix : {"", "-wal", "-shm"}) remove_all(path + suffix);
}

}  // namespace lantaarn::bench
