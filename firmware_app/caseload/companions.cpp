#include "firmware_app/caseload/companions.hpp"

#include <algorithm>

#include "common/crypto/hash.hpp"

namespace lantaarn::firmware {

journal::Companion seal_companion(CompanionKind kind, ByteView key, const crypto::BoxPublicKey& to, ByteView plain) {
  const std::size_t used = 4 + plain.size();
  crypto::SecretBytes padded((used + kCompanionPadBytes - 1) / kCompanionPadBytes * kCompanionPadBytes);
  store_le(padded.data(), static_cast<std::uint32_t>(plain.size()));
  std::copy(plain.begin(), plain.end(), padded.data() + 4);
  return {kind, to_bytes(key), crypto::seal_to(to, padded.view())};
}

std::optional<crypto::SecretBytes> open_companion(const crypto::BoxKey& key, ByteView value) {
  const auto padded = key.open(value);
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
