#include "tests/support/fault_locks.hpp"

#include <algorithm>

namespace lantaarn::support {

int FileLocks::level_of(const void* who) const {
  const auto found = levels_.find(who);
  return found == levels_.end() ? SQLITE_LOCK_NONE : found->second;
}

bool FileLocks::others_at_least(const void* who, int level) const {
  return std::any_of(levels_.begin(), levels_.end(),
                     [&](const auto& holder) { return holder.first != who && holder.second >= level; });
}

int FileLocks::lock(const void* who, int level) {
  const std::lock_guard guard(mutex_);
  if (level_of(who) >= level) return SQLITE_OK;
  // One may prepare to write while others read; a pending writer keeps new readers out; writing needs to be alone.
  if (level == SQLITE_LOCK_SHARED && others_at_least(who, SQLITE_LOCK_PENDING)) return SQLITE_BUSY;
  if (level >= SQLITE_LOCK_RESERVED && others_at_least(who, SQLITE_LOCK_RESERVED)) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_EXCLUSIVE && others_at_least(who, SQLITE_LOCK_SHARED)) {
    levels_[who] = SQLITE_LOCK_PENDING;
    return SQLITE_BUSY;
  }
  levels_[who] = level;
  return SQLITE_OK;
}

void FileLocks::unlock(const void* who, int level) {
  const std::lock_guard guard(mutex_);
  if (level == SQLITE_LOCK_NONE) {
    levels_.erase(who);
  } else {
    levels_[who] = std::min(level_of(who), level);
  }
}

bool FileLocks::reserved() const {
  const std::lock_guard guard(mutex_);
  return others_at_least(nullptr, SQLITE_LOCK_RESERVED);
}

void* FileLocks::map_region(int index, int bytes, bool extend) {
  const std::lock_guard guard(mutex_);
  const auto wanted = static_cast<std::size_t>(index) + 1;
  if (regions_.size() < wanted && !extend) return nullptr;
  while (regions_.size() < wanted) regions_.push_back(std::make_unique<std::uint64_t[]>(static_cast<std::size_t>(bytes) / 8));
  return regions_[wanted - 1].get();
}

int FileLocks::shm_lock(const void* who, int offset, int count, int flags) {
  const std::lock_guard guard(mutex_);
  const auto first = slots_.begin() + offset;
  const auto last = first + count;
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (auto slot = first; slot != last; ++slot) {
      if (slot->exclusive == who) slot->exclusive = nullptr;
      slot->shared.erase(who);
    }
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  const bool taken = std::any_of(first, last, [&](const Slot& slot) {
    if (slot.exclusive != nullptr && slot.exclusive != who) return true;
    return exclusive && std::any_of(slot.shared.begin(), slot.shared.end(), [&](const auto& holder) { return holder.first != who; });
  });
  if (taken) return SQLITE_BUSY;
  for (auto slot = first; slot != last; ++slot) {
    if (exclusive) slot->exclusive = who;
    if (!exclusive) slot->shared[who] = 1;
  }
  return SQLITE_OK;
}

void FileLocks::shm_unmap(const void* who, bool last_forgets) {
  shm_lock(who, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
  const std::lock_guard guard(mutex_);
  if (last_forgets) regions_.clear();
}

}  // namespace lantaarn::support
