#include "firmware_app/cli/progress.hpp"

#include <unistd.h>

#include <cstdio>

#include "common/words/words.hpp"

namespace lantaarn::firmware::cli {

std::string bar_text(std::uint64_t done, std::uint64_t all, std::size_t width) {
  const std::size_t filled = all == 0 || done >= all ? width : static_cast<std::size_t>(done * width / all);
  return "[" + std::string(filled, '#') + std::string(width - filled, '.') + "]";
}

ProgressBar::ProgressBar(bool wanted) : on_(wanted && isatty(STDERR_FILENO) == 1) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\n", stderr);
}

void ProgressBar::show(const sync::SyncProgress& progress) {
  if (!on_ || progress.phase == sync::SyncPhase::kGreeting) return;
  const std::string counts = words::text("label:sync_progress", {std::to_string(progress.entries_sent), std::to_string(progress.entries_to_send),
                                                                 std::to_string(progress.entries_received)});
  std::fprintf(stderr, "\r%s %s ", bar_text(progress.entries_received, progress.entries_to_send, 24).c_str(), counts.c_str());
  drawn_ = true;
}

}  // namespace lantaarn::firmware::cli
