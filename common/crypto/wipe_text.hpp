#pragma once
// For text that had to carry a secret for a moment: a message's field, a ticket's hex digits.

#include <string>

#include "common/crypto/secret.hpp"

namespace lantaarn::crypto {

/// Overwrites the text where it stands; it is empty afterwards. What a copy or a growing string left elsewhere it cannot
/// reach: wipe before the string moves on.
inline void wipe_text(std::string& text) {
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  text.clear();
}

/// All of them, for the secret fields of one message: wipe_texts(*m.mutable_a(), *m.mutable_b()).
template <typename... Texts>
void wipe_texts(Texts&... texts) {
  (wipe_text(texts), ...);
}

}  // namespace lantaarn::crypto
