#pragma once
// Memory that runs out on command: operator new throws std::bad_alloc, and SQLite's own allocations fail. Whoever links
// this gets both replaced, for the whole program; without a MemoryFault they behave as ever.

#include <cstdint>

namespace lantaarn::support {

/// While it lives, allocation number `fail_at` of this thread fails (from 1; 0: none, they are only counted). One at a
/// time per thread. Memory that libsodium maps for secrets is not counted.
class MemoryFault {
 public:
  explicit MemoryFault(std::uint64_t fail_at);
  ~MemoryFault();
  MemoryFault(const MemoryFault&) = delete;
  MemoryFault& operator=(const MemoryFault&) = delete;

  /// Allocations since it began.
  [[nodiscard]] std::uint64_t allocations() const;
  /// Whether one has failed.
  [[nodiscard]] bool struck() const;
};

/// While one lives, this thread's allocations neither fail nor count: those of a disk that is only played.
inline thread_local int uncounted_depth = 0;
struct Uncounted {
  Uncounted() { ++uncounted_depth; }
  ~Uncounted() { --uncounted_depth; }
  Uncounted(const Uncounted&) = delete;
  Uncounted& operator=(const Uncounted&) = delete;
};

/// SQLite takes another allocator only before it starts. Once, before the first database is opened; safe to call again.
void let_sqlite_run_out_of_memory();

}  // namespace lantaarn::support
