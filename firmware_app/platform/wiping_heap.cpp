// Every block of C++ memory is wiped as it is let go. Notes and names pass through strings, messages and JSON values of
// libraries that nobody can ask to wipe; this way none of them leaves one behind. Keys and PINs have locked memory of
// their own (common/crypto/secret.hpp) and do not come here.

#include <malloc.h>
#include <string.h>

#include <cstdlib>
#include <new>

namespace {

void* take(std::size_t bytes) {
  for (;;) {
    if (void* block = std::malloc(bytes == 0 ? 1 : bytes)) return block;
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void* take_aligned(std::size_t bytes, std::align_val_t alignment) {
  const auto step = static_cast<std::size_t>(alignment);
  if (void* block = std::aligned_alloc(step, (bytes + step - 1) / step * step)) return block;
  throw std::bad_alloc();
}

void let_go(void* block) noexcept {
  if (block == nullptr) return;
  ::explicit_bzero(block, ::malloc_usable_size(block));
  std::free(block);
}

}  // namespace

void* operator new(std::size_t bytes) { return take(bytes); }
void* operator new[](std::size_t bytes) { return take(bytes); }
void* operator new(std::size_t bytes, std::align_val_t alignment) { return take_aligned(bytes, alignment); }
void* operator new[](std::size_t bytes, std::align_val_t alignment) { return take_aligned(bytes, alignment); }
void operator delete(void* block) noexcept { let_go(block); }
void operator delete[](void* block) noexcept { let_go(block); }
void operator delete(void* block, std::size_t) noexcept { let_go(block); }
void operator delete[](void* block, std::size_t) noexcept { let_go(block); }
void operator delete(void* block, std::align_val_t) noexcept { let_go(block); }
void operator delete[](void* block, std::align_val_t) noexcept { let_go(block); }
void operator delete(void* block, std::size_t, std::align_val_t) noexcept { let_go(block); }
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept { let_go(block); }
