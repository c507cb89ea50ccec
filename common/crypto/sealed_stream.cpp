#include "common/crypto/sealed_stream.hpp"

#include <sodium.h>

namespace lantaarn::crypto {
namespace {

using State = crypto_secretstream_xchacha20poly1305_state;
static_assert(kStreamHeaderBytes == crypto_secretstream_xchacha20poly1305_HEADERBYTES);
static_assert(kStreamPartOverhead == crypto_secretstream_xchacha20poly1305_ABYTES);
static_assert(Key::kBytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);
static_assert(sizeof(State) <= Secret<64>::kBytes && alignof(State) == 1);

State* in(Secret<64>& slot) { return reinterpret_cast<State*>(slot.data()); }

}  // namespace

SealingStream::SealingStream(const Key& key) { crypto_secretstream_xchacha20poly1305_init_push(in(state_), header_.data(), key.data()); }

Bytes SealingStream::seal(ByteView plain, ByteView additional, bool last) {
  Bytes cipher(plain.size() + kStreamPartOverhead);
  const unsigned char tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
  crypto_secretstream_xchacha20poly1305_push(in(state_), cipher.data(), nullptr, plain.data(), plain.size(), additional.data(),
                                             additional.size(), tag);
  return cipher;
}

OpeningStream::OpeningStream(const Key& key, const ByteArray<kStreamHeaderBytes>& header) {
  usable_ = crypto_secretstream_xchacha20poly1305_init_pull(in(state_), header.data(), key.data()) == 0;
}

std::optional<OpeningStream::Part> OpeningStream::open(ByteView cipher, ByteView additional) {
  if (!usable_ || cipher.size() < kStreamPartOverhead) return std::nullopt;
  Part part{Bytes(cipher.size() - kStreamPartOverhead), false};
  unsigned char tag = 0;
  usable_ = crypto_secretstream_xchacha20poly1305_pull(in(state_), part.plain.data(), nullptr, &tag, cipher.data(), cipher.size(),
                                                       additional.data(), additional.size()) == 0;
  if (!usable_) return std::nullopt;
  part.last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  usable_ = !part.last;
  return part;
}

}  // namespace lantaarn::crypto
