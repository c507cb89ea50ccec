#include "tests/support/fault_memory.hpp"

#include <sqlite3.h>

#include <cstdlib>
#include <new>
#include <stdexcept>

namespace {

struct Plan {
  bool counting = false;
  std::uint64_t fail_at = 0;
  std::uint64_t allocations = 0;
};
thread_local Plan plan;

bool fails_now() {
  if (!plan.counting || lantaarn::support::uncounted_depth > 0) return false;
  return ++plan.allocations == plan.fail_at;
}

sqlite3_mem_methods& system_methods() {
  static sqlite3_mem_methods methods;
  return methods;
}
void* sqlite_allocate(int bytes) { return fails_now() ? nullptr : system_methods().xMalloc(bytes); }
void* sqlite_reallocate(void* old, int bytes) { return fails_now() ? nullptr : system_methods().xRealloc(old, bytes); }

}  // namespace

void* operator new(std::size_t bytes) {
  void* made = fails_now() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}
// Every form that the others do not call, or a sanitizer's own would take its place and be given what malloc gave.
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return fails_now() ? nullptr : std::malloc(bytes == 0 ? 1 : bytes); }
void* operator new[](std::size_t bytes) { return operator new(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t& nothrow) noexcept { return operator new(bytes, nothrow); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace lantaarn::support {

MemoryFault::MemoryFault(std::uint64_t fail_at) { plan = {true, fail_at, 0}; }
MemoryFault::~MemoryFault() { plan = {}; }
std::uint64_t MemoryFault::allocations() const { return plan.allocations; }
bool MemoryFault::struck() const { return plan.fail_at != 0 && plan.allocations >= plan.fail_at; }

void let_sqlite_run_out_of_memory() {
  static const bool done = [] {
    sqlite3_shutdown();
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &system_methods()) != SQLITE_OK) return false;
    sqlite3_mem_methods counting = system_methods();
    counting.xMalloc = sqlite_allocate;
    counting.xRealloc = sqlite_reallocate;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);  // counts that nobody reads, under a mutex
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) == SQLITE_OK && sqlite3_initialize() == SQLITE_OK;
  }();
  if (!done) throw std::logic_error("SQLite did not take the allocator");
}

}  // namespace lantaarn::support
