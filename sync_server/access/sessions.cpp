#include "sync_server/access/sessions.hpp"

#include <algorithm>

#include "common/crypto/base64url.hpp"
#include "common/crypto/hash.hpp"
#include "common/crypto/random.hpp"
#include "sync_server/access/limits.hpp"

namespace lantaarn::server::access {
namespace {

constexpr std::size_t kTokenBytes = 32;

Hash hash_of(std::string_view token) { return crypto::blake2b_256({as_bytes("lantaarn session"), as_bytes(token)}); }

std::string random_token(std::size_t size) {
  Bytes bytes(size);
  crypto::fill_random(bytes);
  return crypto::to_base64url(bytes);
}

}  // namespace

bool Sessions::has_ended(const Session& session, Now now) {
  return now.monotonic_ms - session.active >= kIdleEndMs || now.monotonic_ms - session.began >= kAbsoluteEndMs;
}

Sessions::Started Sessions::start(const UserId& user, Now now, std::string peer, std::string agent) {
  std::erase_if(by_hash_, [&](const auto& each) { return has_ended(each.second, now); });
  const auto mine = of(user, now);
  if (mine.size() >= kSessionsPerUserMax) {
    const auto oldest = std::min_element(mine.begin(), mine.end(), [](const Session* a, const Session* b) { return a->active < b->active; });
    end((*oldest)->id);
  }
  Started started{random_token(kTokenBytes), nullptr};
  Session& session = by_hash_[hash_of(started.token)];
  crypto::fill_random(session.id);
  session.user = user;
  session.csrf = random_token(kTokenBytes);
  session.since_ms = session.seen_ms = now.wall_ms;
  session.began = session.active = now.monotonic_ms;
  session.peer = std::move(peer);
  session.agent = std::move(agent);
  started.session = &session;
  return started;
}

Session* Sessions::find(std::string_view token, Now now) {
  const auto found = by_hash_.find(hash_of(token));
  if (found == by_hash_.end()) return nullptr;
  if (has_ended(found->second, now)) {
    by_hash_.erase(found);
    return nullptr;
  }
  Session& session = found->second;
  session.locked = session.locked || now.monotonic_ms - session.active >= kLockAfterMs;
  return &session;
}

void Sessions::touch(Session& session, Now now) {
  session.active = now.monotonic_ms;
  session.seen_ms = now.wall_ms;
}

void Sessions::end(const ByteArray<8>& id) {
  std::erase_if(by_hash_, [&](const auto& each) { return each.second.id == id; });
}

void Sessions::end_all(const UserId& user) {
  std::erase_if(by_hash_, [&](const auto& each) { return each.second.user == user; });
}

std::vector<const Session*> Sessions::of(const UserId& user, Now now) {
  std::vector<const Session*> found;
  for (const auto& [hash, session] : by_hash_) {
    if (session.user == user && !has_ended(session, now)) found.push_back(&session);
  }
  std::sort(found.begin(), found.end(), [](const Session* a, const Session* b) { return a->began > b->began; });
  return found;
}

bool Sessions::is_open(const ByteArray<8>& id, Now now) {
  return std::any_of(by_hash_.begin(), by_hash_.end(), [&](const auto& each) {
    const Session& session = each.second;
    return session.id == id && !has_ended(session, now) && !session.locked && now.monotonic_ms - session.active < kLockAfterMs;
  });
}

}  // namespace lantaarn::server::access
