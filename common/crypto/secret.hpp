#pragma once
// Key material in memory: never copied by accident, never printed, never swapped, zeroed when let go.
// Slots come from slabs made by sodium_malloc (guard pages, mlock, MADV_DONTDUMP); a slab holds many slots, so
// that a server with ten thousand half-open handshakes does not spend two pages on each key.

#include <cstddef>
#include <utility>

#include "common/base/bytes.hpp"
#include "common/base/result.hpp"

namespace lantaarn::crypto {

/// Must succeed once before anything else of this room is used; safe to call again, from any thread.
[[nodiscard]] Status initialise();

/// Constant-time comparison; false when the lengths differ.
[[nodiscard]] bool equal(ByteView a, ByteView b);
/// Overwrites in a way the compiler keeps.
void wipe(std::span<std::uint8_t> bytes);

namespace detail {
std::uint8_t* take_slot(std::size_t bytes);  // zeroed; aborts when memory cannot be had
void return_slot(std::uint8_t* slot, std::size_t bytes) noexcept;
}  // namespace detail

/// N secret bytes (N <= 256). Move-only; an object that was moved from, or default-made by `empty()`, holds nothing.
template <std::size_t N>
class Secret {
 public:
  static_assert(N > 0 && N <= 256);
  static constexpr std::size_t kBytes = N;

  /// Zeroed, ready to be filled through data().
  Secret() : slot_(detail::take_slot(N)) {}
  explicit Secret(std::span<const std::uint8_t, N> bytes) : Secret() { std::memcpy(slot_, bytes.data(), N); }
  Secret(Secret&& other) noexcept : slot_(std::exchange(other.slot_, nullptr)) {}
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      release();
      slot_ = std::exchange(other.slot_, nullptr);
    }
    return *this;
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { release(); }

  /// Nothing unless exactly N bytes.
  [[nodiscard]] static std::optional<Secret> from(ByteView bytes) {
    if (bytes.size() != N) return std::nullopt;
    return Secret(std::span<const std::uint8_t, N>(bytes.data(), N));
  }
  /// The one deliberate way to have it twice.
  [[nodiscard]] Secret duplicate() const { return Secret(view()); }

  [[nodiscard]] std::uint8_t* data() { return slot_; }
  [[nodiscard]] const std::uint8_t* data() const { return slot_; }
  [[nodiscard]] std::span<const std::uint8_t, N> view() const { return std::span<const std::uint8_t, N>(slot_, N); }
  [[nodiscard]] std::span<std::uint8_t, N> span() { return std::span<std::uint8_t, N>(slot_, N); }

 private:
  void release() noexcept {
    if (slot_ != nullptr) detail::return_slot(slot_, N);
    slot_ = nullptr;
  }
  std::uint8_t* slot_;
};

using Key = Secret<32>;

/// Secret bytes of a length known at run time (a PIN, an opened vault slot). Same rules as Secret.
class SecretBytes {
 public:
  explicit SecretBytes(std::size_t size);
  explicit SecretBytes(ByteView bytes);
  SecretBytes(SecretBytes&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] std::uint8_t* data() { return data_; }
  [[nodiscard]] ByteView view() const { return {data_, size_}; }
  [[nodiscard]] std::size_t size() const { return size_; }
  /// Forget the tail; the bytes are wiped.
  void truncate(std::size_t size);

 private:
  std::uint8_t* data_;
  std::size_t size_;
};

}  // namespace lantaarn::crypto
