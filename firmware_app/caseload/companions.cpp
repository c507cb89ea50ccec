#include "firmware_app/caseload/companions.hpp"

#include <algorithm>

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

}  // namespace lantaarn::firmware
