#pragma once
// The sealed entry, byte for byte. FORMAT.md is the document; tests/vectors/journal holds the golden entry.

#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"
#include "common/base/id.hpp"
#include "common/base/result.hpp"

namespace lantaarn::journal {

inline constexpr std::uint8_t kEntryVersion = 1;
inline constexpr std::size_t kHeaderBytes = 128;
inline constexpr std::size_t kNonceBytes = 24;
inline constexpr std::size_t kPadBytes = 256;               ///< plaintext is padded to a multiple of this
inline constexpr std::size_t kSealKeyBoxBytes = 80 + 48;    ///< sealed: key 32 ‖ device 16 ‖ log 16 ‖ key id 16
inline constexpr std::size_t kEventBytesMax = 48 * 1024;
inline constexpr std::size_t kEntryBytesMax = 50 * 1024;
static_assert(kHeaderBytes + kSealKeyBoxBytes + kNonceBytes + kEventBytesMax + 4 + kPadBytes + 16 <= kEntryBytesMax);

/// The clear part of an entry; authenticated with it.
struct EntryHeader {
  std::uint32_t epoch = 0;         ///< the server epoch known when it was written
  std::uint64_t seq = 0;           ///< 1, 2, 3, … within a log
  DeviceId device;
  LogId log;
  UserId author;
  KeyId seal_key;
  Hash previous{};                 ///< hash of entry seq - 1, or the log's genesis hash
  std::uint32_t sealing_key = 0;   ///< number of the server key the box is sealed to; 0 without a box
};

/// Where a log begins: nowhere, or after a frozen log's head.
struct Genesis {
  DeviceId device;
  LogId log;
  LogId after_log;                 ///< zero: none
  std::uint64_t after_seq = 0;
  Hash after_hash{};
};
/// What the first entry names as its predecessor.
[[nodiscard]] Hash genesis_hash(const Genesis& genesis);

/// A seal key in memory: one round, or one unlock.
struct SealKey {
  KeyId id;
  crypto::Key key;
};
/// The seal key for the server: rides in the first entry that uses it.
[[nodiscard]] Bytes make_seal_key_box(const SealKey& key, const DeviceId& device, const LogId& log,
                                      const crypto::BoxPublicKey& server_sealing_key);
/// kCorrupt "seal_key_box" when it does not open or names another device, log or key.
[[nodiscard]] Result<crypto::Key> open_seal_key_box(const crypto::BoxKey& server_sealing_key, ByteView box,
                                                    const DeviceId& device, const LogId& log, const KeyId& id);

/// Builds the entry: header ‖ box (or nothing) ‖ nonce ‖ ciphertext. `event.size()` <= kEventBytesMax (a bug else).
[[nodiscard]] Bytes seal_entry(const EntryHeader& header, ByteView seal_key_box, const SealKey& key, ByteView event);

/// An entry taken apart; views into the bytes it was parsed from.
struct EntryView {
  EntryHeader header;
  ByteView bytes;
  ByteView additional;   ///< header ‖ box: the AEAD's additional data
  ByteView box;          ///< empty or kSealKeyBoxBytes
  ByteView nonce;
  ByteView cipher;
};
/// kCorrupt "entry_unreadable" unless every length fits exactly.
[[nodiscard]] Result<EntryView> parse_entry(ByteView bytes);
[[nodiscard]] Hash entry_hash(ByteView entry_bytes);
/// The event's bytes into `event` (reused buffer). kCorrupt "entry_not_authentic".
[[nodiscard]] Status open_entry(const EntryView& entry, const crypto::Key& key, Bytes& event);

/// The author's signature over a head: everything in the log up to and including `seq`.
[[nodiscard]] crypto::Signature sign_head(const crypto::SignKey& author, const DeviceId& device, const LogId& log,
                                          std::uint64_t seq, const Hash& hash);
[[nodiscard]] bool verify_head(const crypto::VerifyKey& author, const DeviceId& device, const LogId& log, std::uint64_t seq,
                               const Hash& hash, ByteView signature);

}  // namespace lantaarn::journal
