#pragma once
// An SQLite VFS over a FaultDisk: a database that never touches a real disk, and whose disk fails on command.
//
//   FaultVfs vfs;
//   OpenOptions options; options.vfs = vfs.name();
//   ... prepare, close ...
//   vfs.disk().reset_count();
//   vfs.disk().cut_power_at(17);
//   ... run until it fails, close ...
//   vfs.disk().power_cut(Outcome::kUnsyncedDropped);
//   ... open again and look ...
//
// Device properties are those of SQLite's own unix VFS (4096-byte sectors, powersafe overwrite), so that the same
// writes are made. Any number of connections of this process may share a file; locks and shared memory work and do not
// survive. After a power cut every call fails except those that let go (unlock, close).

#include <memory>
#include <string>

#include "tests/support/fault_disk.hpp"

namespace lantaarn::support {

class FaultVfs {
 public:
  /// Registers itself with SQLite under a name of its own.
  FaultVfs();
  /// No connection may be open any more.
  ~FaultVfs();
  FaultVfs(const FaultVfs&) = delete;
  FaultVfs& operator=(const FaultVfs&) = delete;

  [[nodiscard]] const char* name() const;
  [[nodiscard]] FaultDisk& disk();

  struct State;

 private:
  std::unique_ptr<State> state_;
};

}  // namespace lantaarn::support
