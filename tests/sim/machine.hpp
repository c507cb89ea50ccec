#pragma once
// A machine's disk, and the moment something happens to it.

#include "tests/sim/chance.hpp"
#include "tests/sim/ledger.hpp"
#include "tests/support/fault_vfs.hpp"

namespace lantaarn::sim {

class Machine {
 public:
  Machine(Chance& chance, Counts& counts) : chance_(chance), counts_(counts) {}
  [[nodiscard]] const char* vfs() const { return vfs_.name(); }
  [[nodiscard]] support::FaultDisk& disk() { return vfs_.disk(); }

  /// One time in `count` one of the next operations on the disk is the last one, or finds it full, or fails; once, or
  /// from then on until heal().
  void tempt_fate(std::uint64_t count) {
    disk().heal();
    if (!chance_.one_in(count)) return;
    const std::uint64_t operation = 1 + chance_.below(24);
    const std::uint64_t what = chance_.below(6);
    if (what > 1) return disk().cut_power_at(operation);
    ++counts_.disk_faults;
    const bool lasting = chance_.one_in(2);
    disk().fail_at(operation, what == 0 ? support::Fault::kDiskFull : support::Fault::kIoError, lasting);
  }
  [[nodiscard]] bool is_on() { return disk().powered(); }
  /// Power off (if it was on) and on again. Every file must be closed.
  void restart() { disk().power_cut(support::kOutcomes[chance_.below(std::size(support::kOutcomes))]); }

 private:
  Chance& chance_;
  Counts& counts_;
  support::FaultVfs vfs_;
};

}  // namespace lantaarn::sim
