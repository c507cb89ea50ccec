#pragma once
// How far a sync is: a bar on a terminal, nothing elsewhere.

#include "common/sync/sender.hpp"

namespace lantaarn::firmware::cli {

class ProgressBar {
 public:
  /// Silent unless standard error is a terminal and `wanted`.
  explicit ProgressBar(bool wanted);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  void show(const sync::SyncProgress& progress);

 private:
  bool on_;
  bool drawn_ = false;
};

/// "[#####.....]" for `done` of `all`; full when there is nothing to do.
[[nodiscard]] std::string bar_text(std::uint64_t done, std::uint64_t all, std::size_t width);

}  // namespace lantaarn::firmware::cli
