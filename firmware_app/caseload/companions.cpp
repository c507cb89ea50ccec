#include "firmware_app/caseload/companions.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"

namespace lantaarn::firmware {
namespace {

// Sizes tell an owner in front from none: a box is so many bytes over a multiple of the padding.
static_assert(crypto::kSealedBoxOverhead + kIdBytes < kCompanionPadBytes);
bool names_owner(ByteView value) { return value.size() % kCompanionPadBytes == crypto::kSealedBoxOverhead + kIdBytes; }

}  // namespace

journal::Companion seal_companion(CompanionKind kind, ByteView key, const UnlockedUser& owner, ByteView plain) {
  const std::size_t used = 4 + plain.size();
  crypto::SecretBytes padded((used + kCompanionPadBytes - 1) / kCompanionPadBytes * kCompanionPadBytes);
  store_le(padded.data(), static_cast<std::uint32_t>(plain.size()));
  std::copy(plain.begin(), plain.end(), padded.data() + 4);
  Bytes value = to_bytes(owner.id.view());
  append(value, crypto::seal_to(owner.box.public_key(), padded.view()));
  return {kind, to_bytes(key), std::move(value)};
}

std::optional<UserId> owner_of_companion(ByteView value) {
  return names_owner(value) ? UserId::from(value.first(kIdBytes)) : std::nullopt;
}

std::optional<crypto::SecretBytes> open_companion(const crypto::BoxKey& key, ByteView value) {
  const auto padded = key.open(names_owner(value) ? value.subspan(kIdBytes) : value);
  if (!padded) return std::nullopt;
  ByteReader reader(padded->view());
  const auto size = reader.take_le<std::uint32_t>();
  const auto plain = size ? reader.take(*size) : std::nullopt;
  if (!plain) return std::nullopt;
  return crypto::SecretBytes(*plain);
}

Bytes key_of_own(const UserId& user, ByteView id) {
  const auto key = crypto::blake2b_128({as_bytes("lantaarn own companion v1"), user.view(), id});
  return Bytes(key.begin(), key.end());
}

}  // namespace lantaarn::firmware
