// Qt's JavaScript heap gives pages back with MADV_DONTNEED, which the kernel refuses for locked memory (madvise(2)), and Qt
// takes a refusal for a disaster. This program's memory is locked as a whole (common/confine/memory.hpp), so its own
// madvise asks for what locked memory allows: MADV_DONTNEED_LOCKED, since Linux 5.18; before that the pages are unlocked,
// which is no loss, for they are dropped.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif

extern "C" int madvise(void* begin, std::size_t bytes, int advice) noexcept {
  const auto ask = [&](int wanted) { return static_cast<int>(::syscall(SYS_madvise, begin, bytes, wanted)); };
  if (advice != MADV_DONTNEED) return ask(advice);
  if (ask(MADV_DONTNEED_LOCKED) == 0) return 0;
  static_cast<void>(::munlock(begin, bytes));
  return ask(MADV_DONTNEED);
}
