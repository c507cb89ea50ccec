#include "sync_server/access/ceremonies.hpp"

#include <algorithm>

#include "common/crypto/base64url.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"

namespace lantaarn::server::access {

Ceremony& Ceremonies::start(Purpose purpose, std::optional<UserId> user, std::int64_t now) {
  std::erase_if(open_, [&](const Ceremony& each) { return each.until <= now; });
  if (open_.size() == kCeremoniesMax) open_.pop_front();
  Ceremony& made = open_.emplace_back();
  ByteArray<16> id;
  crypto::fill_random(id);
  made.id = crypto::to_base64url(id);
  made.purpose = purpose;
  made.user = user;
  made.challenge.resize(32);
  crypto::fill_random(made.challenge);
  made.until = now + kCeremonyMs;
  return made;
}

std::optional<Ceremony> Ceremonies::take(std::string_view id, Purpose purpose, std::int64_t now) {
  const auto found = std::find_if(open_.begin(), open_.end(), [&](const Ceremony& each) { return each.id == id; });
  if (found == open_.end()) return std::nullopt;
  Ceremony taken = std::move(*found);
  open_.erase(found);
  if (taken.purpose != purpose || taken.until <= now) return std::nullopt;
  return taken;
}

}  // namespace lantaarn::server::access
