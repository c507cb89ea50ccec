// A thousand handhelds at once, a hundred entries each.

#include <algorithm>
#include <latch>
#include <thread>

#include "tools/bench/bench.hpp"
#include "tools/bench/town.hpp"

namespace lantaarn::bench {
namespace {

constexpr std::size_t kCrowd = 1'000;
constexpr std::size_t kEntriesEach = 100;

struct Session {
  double seconds = 0;
  bool received = false;
  std::string trouble;
};

/// A session for every handheld, begun at the same moment.
std::vector<Session> sync_at_once(const Town& town, const std::vector<FleetHandheld>& fleet, std::vector<journal::Journal>& journals) {
  std::vector<Session> sessions(fleet.size());
  std::latch start(static_cast<std::ptrdiff_t>(fleet.size()));
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < fleet.size(); ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      const auto done = sync_all(town, fleet[i], journals[i], kEntriesEach);
      sessions[i] = done.ok() ? Session{done->session, true, ""} : Session{0, false, done.error().to_log_line()};
    });
  }
  threads.clear();
  return sessions;
}

}  // namespace

Result<Rows> bench_crowd(const Setting& setting) {
  const std::vector<FleetHandheld> fleet(kCrowd);
  LANTAARN_ASSIGN(const auto town, Town::found(setting.folder.fresh("server"), fleet));
  std::vector<journal::Journal> journals;
  for (const FleetHandheld& handheld : fleet) {
    // The handhelds' own disks are not what is measured.
    LANTAARN_ASSIGN(auto journal, journal::Journal::open(":memory:", handheld.device));
    LANTAARN_TRY(save_contacts(journal, handheld, town->facts(), kEntriesEach));
    journals.push_back(std::move(journal));
  }
  LANTAARN_TRY(town->serve());
  std::vector<Session> sessions = sync_at_once(*town, fleet, journals);
  const auto received = std::count_if(sessions.begin(), sessions.end(), [](const Session& one) { return one.received; });
  const auto failed = std::find_if(sessions.begin(), sessions.end(), [](const Session& one) { return !one.received; });
  if (failed != sessions.end()) std::fprintf(stderr, "crowd: %s\n", failed->trouble.c_str());
  std::sort(sessions.begin(), sessions.end(), [](const Session& a, const Session& b) { return a.seconds < b.seconds; });
  LANTAARN_ASSIGN(const double peak, town->peak_megabytes());
  return Rows{{"crowd_received", static_cast<double>(received), "handhelds", "", std::nullopt, value_at_least(kCrowd)},
              {"crowd_refused", static_cast<double>(kCrowd - static_cast<std::size_t>(received)), "handhelds", "", std::nullopt, value_at_most(0)},
              {"crowd_p99_session", sessions[kCrowd * 99 / 100 - 1].seconds, "s", "", std::nullopt, value_at_most(10)},
              {"crowd_server_memory", peak, "MB", "", std::nullopt, value_at_most(256)}};
}

}  // namespace lantaarn::bench
