#pragma once
// Two equal slots for one user: fixed-size boxes under a key from a PIN of hers. One holds her keys. The other holds random
// bytes, or what her duress PIN opens: her signing key, so that she can go on writing, and a box key that opens nothing.
// Who has one PIN cannot tell which of the two it is. VAULT.md is the document.

#include <array>

#include "common/base/id.hpp"
#include "common/crypto/aead.hpp"
#include "common/crypto/seal.hpp"
#include "common/crypto/sign.hpp"

namespace lantaarn::firmware {

inline constexpr std::uint8_t kSlotVersion = 1;
inline constexpr std::size_t kSlotPlainBytes = 96;
inline constexpr std::size_t kSlotBytes = crypto::kXNonceBytes + kSlotPlainBytes + crypto::kTagBytes;
static_assert(kSlotBytes == 136);
static_assert(2 + kIdBytes + 2 * 32 <= kSlotPlainBytes);

/// What a slot holds.
struct UserSeeds {
  UserId user;
  crypto::Key box;        ///< X25519: opens cards and readable seal keys
  crypto::SignSeed sign;  ///< Ed25519: signs what she saves
  bool duress = false;    ///< what the second PIN opens
};
[[nodiscard]] UserSeeds make_seeds(const UserId& user);
/// For the second PIN: the same signing key, a box key to which nothing was ever sealed.
[[nodiscard]] UserSeeds duress_seeds(const UserSeeds& own);

using Slots = std::array<Bytes, 2>;

/// The seeds in one of the two, chance decides which; the other is random.
[[nodiscard]] Slots make_slots(const crypto::Key& pin_key, ByteView salt, const UserSeeds& seeds);
struct OpenedSlot {
  UserSeeds seeds;
  std::size_t index = 0;
};
/// Tries both, always. Nothing when neither opens.
[[nodiscard]] std::optional<OpenedSlot> open_slots(const crypto::Key& pin_key, ByteView salt, const Slots& slots);
/// One slot's bytes, for the same salt.
[[nodiscard]] Bytes seal_slot(const crypto::Key& pin_key, ByteView salt, const UserSeeds& seeds);
/// A slot that opens with nothing.
[[nodiscard]] Bytes random_slot();
/// Whether this one opens; nothing of it is kept.
[[nodiscard]] bool opens_slot(const crypto::Key& pin_key, ByteView salt, ByteView slot);

}  // namespace lantaarn::firmware
