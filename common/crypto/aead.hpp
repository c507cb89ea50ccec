#pragma once
// Authenticated encryption. XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03) at rest, with random 24-byte nonces;
// ChaCha20-Poly1305 (RFC 8439) in the channel, with counters.

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

inline constexpr std::size_t kTagBytes = 16;
inline constexpr std::size_t kXNonceBytes = 24;

/// Appends ciphertext ‖ tag to `out`.
void xchacha_encrypt(const Key& key, ByteView nonce24, ByteView additional, ByteView plain, Bytes& out);
/// Encrypts where the text stands: `text` is the plain bytes and then kTagBytes of room for the tag.
void xchacha_encrypt_in_place(const Key& key, ByteView nonce24, ByteView additional, std::span<std::uint8_t> text);
/// Decrypts into `out` (resized). False when it does not authenticate; `out` is then empty.
[[nodiscard]] bool xchacha_decrypt(const Key& key, ByteView nonce24, ByteView additional, ByteView cipher, Bytes& out);

/// A self-contained box: random nonce ‖ ciphertext ‖ tag. For small records at rest.
[[nodiscard]] Bytes seal_record(const Key& key, ByteView additional, ByteView plain);
[[nodiscard]] std::optional<Bytes> open_record(const Key& key, ByteView additional, ByteView box);
/// As open_record, for contents that are themselves secret.
[[nodiscard]] std::optional<SecretBytes> open_secret_record(const Key& key, ByteView additional, ByteView box);

/// RFC 8439. `out` must hold plain.size() + kTagBytes; may alias `plain`'s start. `key` is 32 bytes.
void chacha_encrypt(ByteView key, ByteView nonce12, ByteView additional, ByteView plain, std::uint8_t* out);
/// `out` must hold cipher.size() - kTagBytes; may alias. False when it does not authenticate; `out` is then zeroed.
[[nodiscard]] bool chacha_decrypt(ByteView key, ByteView nonce12, ByteView additional, ByteView cipher, std::uint8_t* out);

}  // namespace lantaarn::crypto
