#pragma once
// Challenges that were given out and wait for their answer: in memory, a few minutes, once.

#include <deque>
#include <optional>
#include <string>

#include "common/base/id.hpp"

namespace lantaarn::server::access {

/// What a challenge is for; an answer to one serves for no other.
enum class Purpose { kSignIn, kInvitedPasskey, kInvitedPassword, kMorePasskeys };

struct Ceremony {
  std::string id;                 ///< what the page names it by
  Purpose purpose = Purpose::kSignIn;
  std::optional<UserId> user;     ///< whom it is for, where that is known
  Bytes challenge;                ///< 32 random bytes
  Bytes kept;                     ///< what the first step made: a TOTP secret
  std::string password;           ///< hash of the chosen password, serialised
  std::int64_t until = 0;         ///< monotonic
};

class Ceremonies {
 public:
  /// The oldest goes when there are too many.
  Ceremony& start(Purpose purpose, std::optional<UserId> user, std::int64_t now);
  /// Once: it is gone afterwards. Nothing when there is none of this purpose, or too late.
  [[nodiscard]] std::optional<Ceremony> take(std::string_view id, Purpose purpose, std::int64_t now);

 private:
  std::deque<Ceremony> open_;
};

}  // namespace lantaarn::server::access
