#include "tests/support/crash_points.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>

namespace lantaarn::support {

std::string CrashPoint::text() const {
  return "power cut in operation " + std::to_string(operation) + " (" + what + "), " + name_of(outcome);
}

CrashCount for_each_crash_point(FaultVfs& vfs, const std::function<void()>& scenario,
                                const std::function<void(const CrashPoint&)>& check) {
  FaultDisk& disk = vfs.disk();
  const FaultDisk::Snapshot found = disk.snapshot();
  disk.restore(found);
  scenario();
  CrashCount count;
  count.operations = disk.operations();
  const std::vector<std::string> operations = disk.trace();
  for (std::uint64_t operation = 1; operation <= count.operations; ++operation) {
    for (const Outcome outcome : kOutcomes) {
      const CrashPoint point{operation, operations[operation - 1], outcome};
      INFO(point.text());
      disk.restore(found);
      disk.cut_power_at(operation);
      scenario();
      if (disk.powered()) throw std::logic_error("the scenario ended before its crash point: " + point.text());
      disk.power_cut(outcome);
      check(point);
      ++count.crashes;
    }
  }
  disk.restore(found);
  return count;
}

}  // namespace lantaarn::support
