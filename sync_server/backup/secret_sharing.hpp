#pragma once
// A secret in three shares of which any two bring it back, and one says nothing about it (Shamir 1979, over GF(2^8), by
// libgfshare). Shares are numbered 1, 2, 3.

#include <array>

#include "common/crypto/secret.hpp"

namespace lantaarn::server::backup {

inline constexpr std::size_t kSharedBytes = 64;
inline constexpr std::size_t kShares = 3;
inline constexpr std::size_t kSharesNeeded = 2;
using SharedSecret = crypto::Secret<kSharedBytes>;

struct Share {
  int number = 0;  ///< 1 to kShares
  SharedSecret bytes;
};

/// Other shares each time; only shares of one split go together.
[[nodiscard]] std::array<Share, kShares> split(const SharedSecret& secret);
/// What the two give, whether or not they belong together: who asks has to recognise it. Their numbers must differ.
[[nodiscard]] SharedSecret join(const Share& one, const Share& other);

}  // namespace lantaarn::server::backup
