#pragma once
// A machine's disk, and the moment its power goes.

#include "tests/sim/chance.hpp"
#include "tests/support/fault_vfs.hpp"

namespace lantaarn::sim {

class Machine {
 public:
  explicit Machine(Chance& chance) : chance_(chance) {}
  [[nodiscard]] const char* vfs() const { return vfs_.name(); }
  [[nodiscard]] support::FaultDisk& disk() { return vfs_.disk(); }

  /// One time in `count`, one of the next operations on the disk will be the last, or finds it full.
  void tempt_fate(std::uint64_t count) {
    disk().heal();
    if (!chance_.one_in(count)) return;
    const std::uint64_t operation = 1 + chance_.below(24);
    if (chance_.one_in(5)) return disk().fail_at(operation, support::Fault::kDiskFull, false);
    disk().cut_power_at(operation);
  }
  [[nodiscard]] bool is_on() { return disk().powered(); }
  /// Power off (if it was on) and on again. Every file must be closed.
  void restart() { disk().power_cut(support::kOutcomes[chance_.below(std::size(support::kOutcomes))]); }

 private:
  Chance& chance_;
  support::FaultVfs vfs_;
};

}  // namespace lantaarn::sim
