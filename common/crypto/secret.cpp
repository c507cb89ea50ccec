#include "common/crypto/secret.hpp"

#include <sodium.h>

#include <cstdlib>
#include <mutex>
#include <new>

namespace lantaarn::crypto {

Status initialise() {
  if (sodium_init() < 0) return bug("crypto: libsodium did not initialise");
  return {};
}

bool equal(ByteView a, ByteView b) { return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0; }

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

namespace detail {
namespace {

constexpr std::size_t kSlabBytes = 64 * 1024;
constexpr std::size_t kSlotSizes[] = {32, 64, 256};

// A free list per slot size; slabs are never given back, so a slot's address stays locked for the process's life.
struct Pool {
  std::mutex mutex;
  std::vector<std::uint8_t*> free[std::size(kSlotSizes)];
  std::size_t slabs[std::size(kSlotSizes)] = {};
};

Pool& pool() {
  static Pool* instance = new Pool;  // outlives every static Secret
  return *instance;
}

std::size_t class_of(std::size_t bytes) {
  for (std::size_t i = 0; i < std::size(kSlotSizes); ++i) {
    if (bytes <= kSlotSizes[i]) return i;
  }
  std::abort();
}

}  // namespace

std::uint8_t* take_slot(std::size_t bytes) {
  const std::size_t size_class = class_of(bytes);
  const std::size_t slot_bytes = kSlotSizes[size_class];
  Pool& shared = pool();
  const std::lock_guard lock(shared.mutex);
  auto& free_slots = shared.free[size_class];
  if (free_slots.empty()) {
    // Room for every slot there is, so that giving one back asks for no memory.
    free_slots.reserve((shared.slabs[size_class] + 1) * (kSlabBytes / slot_bytes));
    auto* slab = static_cast<std::uint8_t*>(sodium_malloc(kSlabBytes));
    if (slab == nullptr) throw std::bad_alloc();
    sodium_memzero(slab, kSlabBytes);
    ++shared.slabs[size_class];
    for (std::size_t at = 0; at + slot_bytes <= kSlabBytes; at += slot_bytes) free_slots.push_back(slab + at);
  }
  std::uint8_t* slot = free_slots.back();
  free_slots.pop_back();
  return slot;
}

void return_slot(std::uint8_t* slot, std::size_t bytes) noexcept {
  const std::size_t size_class = class_of(bytes);
  sodium_memzero(slot, kSlotSizes[size_class]);
  Pool& shared = pool();
  const std::lock_guard lock(shared.mutex);
  shared.free[size_class].push_back(slot);
}

}  // namespace detail

SecretBytes::SecretBytes(std::size_t size)
    : data_(static_cast<std::uint8_t*>(sodium_malloc(size == 0 ? 1 : size))), size_(size) {
  if (data_ == nullptr) throw std::bad_alloc();
  sodium_memzero(data_, size == 0 ? 1 : size);
}

SecretBytes::SecretBytes(ByteView bytes) : SecretBytes(bytes.size()) {
  if (!bytes.empty()) std::memcpy(data_, bytes.data(), bytes.size());
}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

void SecretBytes::truncate(std::size_t size) {
  if (size >= size_) return;
  sodium_memzero(data_ + size, size_ - size);
  size_ = size;
}

}  // namespace lantaarn::crypto
