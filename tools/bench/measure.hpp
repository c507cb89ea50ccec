#pragma once
// How a figure comes about: ours, peer, ours, peer, … and the median of each.

#include <chrono>
#include <functional>
#include <string>

#include "common/base/result.hpp"

namespace lantaarn::bench {

inline constexpr int kRounds = 5;

/// One measurement; what it returns is what the median is taken of.
using Measurement = std::function<Result<double>()>;
struct Medians {
  double ours = 0;
  double peer = 0;
};
[[nodiscard]] Result<Medians> interleave(int rounds, const Measurement& ours, const Measurement& peer);
[[nodiscard]] Result<double> median_of(int rounds, const Measurement& ours);

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// A folder of this run's own on a real disk ($TMPDIR, else the system's), gone with everything in it afterwards.
class WorkFolder {
 public:
  /// kRefused "not_a_disk" when the place is kept in memory (tmpfs): a save costs nothing there.
  [[nodiscard]] static Result<WorkFolder> make();
  WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  WorkFolder& operator=(WorkFolder&&) = delete;
  ~WorkFolder();
  [[nodiscard]] const std::string& path() const { return path_; }
  /// A path that was not given out before.
  [[nodiscard]] std::string fresh(const std::string& name);

 private:
  explicit WorkFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
  int given_ = 0;
};
void remove_all(const std::string& path);
/// SQLite's file with its WAL and index.
void remove_database(const std::string& path);

}  // namespace lantaarn::bench
