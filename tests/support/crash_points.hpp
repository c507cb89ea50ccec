#pragma once
// Every point at which the power can go, times everything the disk may then hold.

#include <functional>

#include "tests/support/fault_vfs.hpp"

namespace lantaarn::support {

struct CrashPoint {
  std::uint64_t operation = 0;   ///< the power went in this one, counted from the start of the scenario
  std::string what;              ///< "sync vault.db-wal"
  Outcome outcome = Outcome::kAllKept;
  [[nodiscard]] std::string text() const;
};

struct CrashCount {
  std::uint64_t operations = 0;  ///< in one undisturbed run
  std::uint64_t crashes = 0;     ///< operations × outcomes
};

/// Runs `scenario` once undisturbed, to count its operations, then once for each operation × outcome, each time from
/// the disk as it was found (`vfs` as prepared by the caller, all connections closed), with the power cut in that
/// operation; then `check` looks at what is left. Both must close every connection before they return; a scenario
/// stops, or goes on, at the errors it gets. `check` sees the point in an INFO. The disk is left as it was found.
/// A scenario must make the same operations each time; std::logic_error when it ends before its crash point.
CrashCount for_each_crash_point(FaultVfs& vfs, const std::function<void()>& scenario,
                                const std::function<void(const CrashPoint&)>& check);

}  // namespace lantaarn::support
