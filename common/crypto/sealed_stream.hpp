#pragma once
// A long text in parts, encrypted in order (libsodium's secretstream, XChaCha20-Poly1305): a part that is altered, left
// out, repeated or moved does not open, and neither does a text whose last part is missing.

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

inline constexpr std::size_t kStreamHeaderBytes = 24;
inline constexpr std::size_t kStreamPartOverhead = 17;

/// Writes. The key serves for one text.
class SealingStream {
 public:
  explicit SealingStream(const Key& key);
  /// Goes before the first part, in clear.
  [[nodiscard]] const ByteArray<kStreamHeaderBytes>& header() const { return header_; }
  /// `additional` is authenticated with the part; nothing follows the part that is `last`.
  [[nodiscard]] Bytes seal(ByteView plain, ByteView additional, bool last);

 private:
  Secret<64> state_;
  ByteArray<kStreamHeaderBytes> header_{};
};

/// Reads what a SealingStream wrote.
class OpeningStream {
 public:
  OpeningStream(const Key& key, const ByteArray<kStreamHeaderBytes>& header);
  struct Part {
    Bytes plain;
    bool last = false;
  };
  /// Nothing when it does not authenticate, or when the last part was there already.
  [[nodiscard]] std::optional<Part> open(ByteView cipher, ByteView additional);

 private:
  Secret<64> state_;
  bool usable_ = true;
};

}  // namespace lantaarn::crypto
