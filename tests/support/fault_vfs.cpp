#include "tests/support/fault_vfs.hpp"

#include <sqlite3.h>

#include <atomic>
#include <cstring>
#include <new>

#include "tests/support/fault_locks.hpp"
#include "tests/support/fault_memory.hpp"

namespace lantaarn::support {

struct FaultVfs::State {
  FaultDisk disk;
  std::string name;
  sqlite3_vfs vfs{};
  std::mutex mutex;
  // Locks belong to the file as long as somebody has it open.
  std::map<std::string, std::weak_ptr<FileLocks>> locks;

  std::shared_ptr<FileLocks> locks_of(const std::string& path) {
    const std::lock_guard guard(mutex);
    auto found = locks[path].lock();
    if (!found) {
      found = std::make_shared<FileLocks>();
      locks[path] = found;
    }
    return found;
  }
};

namespace {

constexpr int kSectorBytes = 4096;

// SQLite allots szOsFile bytes and sees the first member.
struct Handle {
  sqlite3_file base{};
  FaultVfs::State* state = nullptr;
  FaultDisk::File file;
  std::shared_ptr<FileLocks> locks;
  bool delete_on_close = false;
};

Handle& handle_of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
FaultVfs::State& state_of(sqlite3_vfs* vfs) { return *static_cast<FaultVfs::State*>(vfs->pAppData); }

int as_result(Fault fault, int io_error) {
  switch (fault) {
    case Fault::kNone: return SQLITE_OK;
    case Fault::kDiskFull: return SQLITE_FULL;
    case Fault::kIoError:
    case Fault::kPowerCut: return io_error;
  }
  return io_error;
}

int close_file(sqlite3_file* file) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  handle.locks->unlock(file, SQLITE_LOCK_NONE);
  if (handle.delete_on_close) static_cast<void>(handle.state->disk.remove(handle.file->path, false));
  handle.~Handle();
  return SQLITE_OK;
}

int read_file(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  Handle& handle = handle_of(file);
  if (!handle.state->disk.powered()) return SQLITE_IOERR_READ;
  const std::span<std::uint8_t> target(static_cast<std::uint8_t*>(into), static_cast<std::size_t>(count));
  return handle.state->disk.read(*handle.file, static_cast<std::size_t>(offset), target) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  const ByteView bytes(static_cast<const std::uint8_t*>(from), static_cast<std::size_t>(count));
  return as_result(handle.state->disk.write(*handle.file, static_cast<std::size_t>(offset), bytes), SQLITE_IOERR_WRITE);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  return as_result(handle.state->disk.truncate(*handle.file, static_cast<std::size_t>(size)), SQLITE_IOERR_TRUNCATE);
}

int sync_file(sqlite3_file* file, int) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  return as_result(handle.state->disk.sync(handle.file), SQLITE_IOERR_FSYNC);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  Handle& handle = handle_of(file);
  if (!handle.state->disk.powered()) return SQLITE_IOERR_FSTAT;
  *size = static_cast<sqlite3_int64>(handle.state->disk.size(*handle.file));
  return SQLITE_OK;
}

int lock_file(sqlite3_file* file, int level) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  return handle.state->disk.powered() ? handle.locks->lock(file, level) : SQLITE_IOERR_LOCK;
}

int unlock_file(sqlite3_file* file, int level) {
  const Uncounted own;
  handle_of(file).locks->unlock(file, level);
  return SQLITE_OK;
}

int check_reserved(sqlite3_file* file, int* reserved) {
  *reserved = handle_of(file).locks->reserved() ? 1 : 0;
  return SQLITE_OK;
}

int file_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return kSectorBytes; }
int device_characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  *out = nullptr;
  if (!handle.state->disk.powered()) return SQLITE_IOERR_SHMMAP;
  *out = handle.locks->map_region(region, bytes, extend != 0);
  return SQLITE_OK;
}

int shm_lock(sqlite3_file* file, int offset, int count, int flags) {
  const Uncounted own;
  Handle& handle = handle_of(file);
  const bool letting_go = (flags & SQLITE_SHM_UNLOCK) != 0;
  if (!letting_go && !handle.state->disk.powered()) return SQLITE_IOERR_SHMLOCK;
  return handle.locks->shm_lock(file, offset, count, flags);
}

// A lock taken and let go orders memory as well as a fence does, and ThreadSanitizer understands it.
void shm_barrier(sqlite3_file* file) { const std::lock_guard barrier(handle_of(file).state->mutex); }

int shm_unmap(sqlite3_file* file, int delete_flag) {
  const Uncounted own;
  handle_of(file).locks->shm_unmap(file, delete_flag != 0);
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    2,         close_file,     read_file,    write_file,  truncate_file,          sync_file, file_size, lock_file,   unlock_file,
    check_reserved, file_control, sector_size, device_characteristics, shm_map,   shm_lock,  shm_barrier, shm_unmap, nullptr, nullptr};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  const Uncounted own;
  file->pMethods = nullptr;
  FaultVfs::State& state = state_of(vfs);
  if (!state.disk.powered()) return SQLITE_CANTOPEN;
  const std::string name = path == nullptr ? "(temporary)" : path;
  FaultDisk::File found = state.disk.find(name);
  if (!found && (flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
  if (!found) found = state.disk.create(name);
  auto* handle = new (file) Handle;
  handle->state = &state;
  handle->file = std::move(found);
  handle->locks = state.locks_of(name);
  handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  handle->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int delete_file(sqlite3_vfs* vfs, const char* path, int folder_synced) {
  const Uncounted own;
  FaultDisk& disk = state_of(vfs).disk;
  if (!disk.powered()) return SQLITE_IOERR_DELETE;
  if (!disk.find(path)) return SQLITE_IOERR_DELETE_NOENT;
  return as_result(disk.remove(path, folder_synced != 0), SQLITE_IOERR_DELETE);
}

int access_file(sqlite3_vfs* vfs, const char* path, int, int* exists) {
  const Uncounted own;
  FaultDisk& disk = state_of(vfs).disk;
  if (!disk.powered()) return SQLITE_IOERR_ACCESS;
  *exists = disk.find(path) ? 1 : 0;
  return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int room, char* out) {
  sqlite3_snprintf(room, out, "%s", path);
  return SQLITE_OK;
}

// Time and sleep are the system's; randomness is SQLite's own seed only and decides no operation.
sqlite3_vfs* system_vfs() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}
int randomness(sqlite3_vfs*, int count, char* out) { return system_vfs()->xRandomness(system_vfs(), count, out); }
int sleep_for(sqlite3_vfs*, int microseconds) { return system_vfs()->xSleep(system_vfs(), microseconds); }
int current_time(sqlite3_vfs*, double* days) { return system_vfs()->xCurrentTime(system_vfs(), days); }
int last_error(sqlite3_vfs*, int, char*) { return 0; }

std::string next_name() {
  static std::atomic<unsigned> count{0};
  return "fault-" + std::to_string(++count);
}

}  // namespace

FaultVfs::FaultVfs() : state_(std::make_unique<State>()) {
  state_->name = next_name();
  sqlite3_vfs& vfs = state_->vfs;
  vfs.iVersion = 1;
  vfs.szOsFile = static_cast<int>(sizeof(Handle));
  vfs.mxPathname = 1024;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = state_.get();
  vfs.xOpen = open_file;
  vfs.xDelete = delete_file;
  vfs.xAccess = access_file;
  vfs.xFullPathname = full_path;
  vfs.xRandomness = randomness;
  vfs.xSleep = sleep_for;
  vfs.xCurrentTime = current_time;
  vfs.xGetLastError = last_error;
  static_cast<void>(system_vfs());
  sqlite3_vfs_register(&vfs, 0);
}

FaultVfs::~FaultVfs() { sqlite3_vfs_unregister(&state_->vfs); }

const char* FaultVfs::name() const { return state_->name.c_str(); }
FaultDisk& FaultVfs::disk() { return state_->disk; }

}  // namespace lantaarn::support
