#pragma once
// How a caseload travels: the body of a CARDS statement is a sealed box, to the user's box key, of
//   u32 bundle bytes ‖ CardBundle ‖ zeros up to a multiple of kCardPadBytes
// so that its size tells little. The registry process makes it, the handheld opens it with the user's PIN.

#include "common/base/result.hpp"
#include "common/crypto/seal.hpp"
#include "common/model/cards.pb.h"

namespace lantaarn::model {

inline constexpr std::size_t kCardPadBytes = 4096;

/// `bundle` is a serialised pb::CardBundle.
[[nodiscard]] Bytes seal_cards(const crypto::BoxPublicKey& to, ByteView bundle);
/// kCorrupt "cards_unreadable": not for this key, altered, or not a bundle.
[[nodiscard]] Result<pb::CardBundle> open_cards(const crypto::BoxKey& key, ByteView body);

}  // namespace lantaarn::model
