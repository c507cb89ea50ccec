#include "firmware_app/handheld/storage.hpp"

#include "firmware_app/platform/disk_space.hpp"

namespace lantaarn::firmware {

Storage storage_of(Folder& folder) {
  Storage storage;
  storage.reserve = Reserve(folder.path).is_kept();
  const auto growth = folder.journal.growth();
  const auto room = free_disk_bytes(folder.path);
  if (growth.ok() && room.ok()) storage.days_left = days_left(*room + growth->free_bytes, growth->rounds, growth->bytes);
  storage.low = storage.days_left < folder.warn_days;
  return storage;
}

}  // namespace lantaarn::firmware
