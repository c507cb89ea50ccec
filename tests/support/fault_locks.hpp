#pragma once
// SQLite's file locks and its shared memory ("-shm"), among the connections of this process. Neither is on the disk.

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace lantaarn::support {

/// The state that all connections to one file share. `who` is any address that identifies a connection.
class FileLocks {
 public:
  /// SQLITE_OK or SQLITE_BUSY; levels as in sqlite3_io_methods.xLock.
  int lock(const void* who, int level);
  void unlock(const void* who, int level);
  [[nodiscard]] bool reserved() const;

  /// Region `index` of the WAL index, zeroed when new; nullptr when it is not there and `extend` is false.
  void* map_region(int index, int bytes, bool extend);
  /// SQLITE_OK or SQLITE_BUSY; arguments as in xShmLock.
  int shm_lock(const void* who, int offset, int count, int flags);
  void shm_unmap(const void* who, bool last_forgets);

 private:
  int level_of(const void* who) const;
  bool others_at_least(const void* who, int level) const;
  mutable std::mutex mutex_;
  std::map<const void*, int> levels_;
  std::vector<std::unique_ptr<std::uint64_t[]>> regions_;
  struct Slot {
    const void* exclusive = nullptr;
    std::map<const void*, int> shared;
  };
  std::array<Slot, SQLITE_SHM_NLOCK> slots_;
};

}  // namespace lantaarn::support
