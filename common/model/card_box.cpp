#include "common/model/card_box.hpp"

#include <algorithm>

namespace lantaarn::model {

Bytes seal_cards(const crypto::BoxPublicKey& to, ByteView bundle) {
  const std::size_t used = 4 + bundle.size();
  Bytes padded((used + kCardPadBytes - 1) / kCardPadBytes * kCardPadBytes);
  store_le(padded.data(), static_cast<std::uint32_t>(bundle.size()));
  std::copy(bundle.begin(), bundle.end(), padded.begin() + 4);
  return crypto::seal_to(to, padded);
}

Result<pb::CardBundle> open_cards(const crypto::BoxKey& key, ByteView body) {
  const auto padded = key.open(body);
  if (!padded) return corrupt("cards_unreadable");
  ByteReader reader(padded->view());
  const auto size = reader.take_le<std::uint32_t>();
  const auto bundle = size ? reader.take(*size) : std::nullopt;
  pb::CardBundle cards;
  if (!bundle || !cards.ParseFromArray(bundle->data(), static_cast<int>(bundle->size()))) return corrupt("cards_unreadable");
  return cards;
}

}  // namespace lantaarn::model
