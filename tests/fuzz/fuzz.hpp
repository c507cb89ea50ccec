#pragma once
// A decoder under fuzz: a function of bytes that a peer or a file may bring. It may refuse them; it may not crash, hang,
// eat memory, or break a promise. Built twice: by clang for libFuzzer (preset fuzz, one program each), and all together
// into tests_of_fuzz, which runs the seeds that are checked in.

#include <cstdlib>
#include <string>

#include "common/base/bytes.hpp"
#include "common/crypto/secret.hpp"

namespace lantaarn::fuzz {

/// What holds whatever the input is.
inline void promise(bool held) {
  if (!held) std::abort();
}

/// Cuts an input into pieces: u16 length (little-endian), that many bytes; the last one may be short.
class Pieces {
 public:
  explicit Pieces(ByteView input) : rest_(input) {}
  [[nodiscard]] bool empty() const { return rest_.empty(); }
  [[nodiscard]] std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const std::uint8_t first = rest_.front();
    rest_ = rest_.subspan(1);
    return first;
  }
  [[nodiscard]] ByteView next() {
    std::size_t length = byte();
    length |= static_cast<std::size_t>(byte()) << 8U;
    return take(length);
  }
  [[nodiscard]] ByteView take(std::size_t count) {
    const ByteView piece = rest_.first(std::min(count, rest_.size()));
    rest_ = rest_.subspan(piece.size());
    return piece;
  }
  [[nodiscard]] ByteView rest() { return take(rest_.size()); }

 private:
  ByteView rest_;
};

/// The same key in every run, so that an input that was found is found again.
[[nodiscard]] inline crypto::Key fixed_key(std::uint8_t number) {
  crypto::Key key;
  std::fill_n(key.data(), crypto::Key::kBytes, number);
  return key;
}
template <typename Id>
[[nodiscard]] Id fixed_id(std::uint8_t number) {
  Id id;
  id.bytes.fill(number);
  return id;
}

}  // namespace lantaarn::fuzz

#ifdef LANTAARN_FUZZ
#define LANTAARN_FUZZ_TARGET(name)                                                        \
  namespace lantaarn::fuzz {                                                              \
  void name(ByteView input);                                                              \
  }                                                                                       \
  extern "C" int LLVMFuzzerInitialize(int*, char***) {                                    \
    return lantaarn::crypto::initialise().ok() ? 0 : 1;                                   \
  }                                                                                       \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {     \
    lantaarn::fuzz::name({data, size});                                                   \
    return 0;                                                                             \
  }                                                                                       \
  void lantaarn::fuzz::name(ByteView input)
#else
#define LANTAARN_FUZZ_TARGET(name) \
  namespace lantaarn::fuzz {       \
  void name(ByteView input);       \
  }                                \
  void lantaarn::fuzz::name(ByteView input)
#endif
