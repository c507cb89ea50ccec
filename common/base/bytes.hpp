#pragma once
// Plain bytes: buffers, hex, fixed-width integers. Little-endian unless a name says otherwise.

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lantaarn {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
template <std::size_t N>
using ByteArray = std::array<std::uint8_t, N>;

/// The bytes of a text; the view lives as long as the text.
inline ByteView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::string to_string(ByteView bytes) { return std::string(as_text(bytes)); }
inline Bytes to_bytes(ByteView view) { return {view.begin(), view.end()}; }

/// Lowercase hex, the only spelling this project prints.
[[nodiscard]] std::string to_hex(ByteView bytes);
/// Nothing when the text is not an even number of hex digits (either case is read).
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

inline void append(Bytes& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }

template <typename Integer>
void store_le(std::uint8_t* out, Integer value) {
  for (std::size_t i = 0; i < sizeof(Integer); ++i) out[i] = static_cast<std::uint8_t>(value >> (8 * i));
}
template <typename Integer>
[[nodiscard]] Integer load_le(const std::uint8_t* in) {
  Integer value = 0;
  for (std::size_t i = 0; i < sizeof(Integer); ++i) value |= static_cast<Integer>(static_cast<Integer>(in[i]) << (8 * i));
  return value;
}
template <typename Integer>
void append_le(Bytes& to, Integer value) {
  std::uint8_t raw[sizeof(Integer)];
  store_le(raw, value);
  to.insert(to.end(), raw, raw + sizeof(Integer));
}

/// A copy of exactly N bytes; nothing when `bytes` has another length.
template <std::size_t N>
[[nodiscard]] std::optional<ByteArray<N>> to_array(ByteView bytes) {
  if (bytes.size() != N) return std::nullopt;
  ByteArray<N> out;
  std::memcpy(out.data(), bytes.data(), N);
  return out;
}

/// Reads fields front to back; every read fails softly once the bytes run out.
class ByteReader {
 public:
  explicit ByteReader(ByteView bytes) : rest_(bytes) {}
  [[nodiscard]] std::optional<ByteView> take(std::size_t count) {
    if (rest_.size() < count) return std::nullopt;
    ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  template <typename Integer>
  [[nodiscard]] std::optional<Integer> take_le() {
    auto raw = take(sizeof(Integer));
    if (!raw) return std::nullopt;
    return load_le<Integer>(raw->data());
  }
  [[nodiscard]] ByteView rest() const { return rest_; }
  [[nodiscard]] bool empty() const { return rest_.empty(); }

 private:
  ByteView rest_;
};

}  // namespace lantaarn
