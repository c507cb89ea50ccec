#include <catch2/catch.hpp>

#include "common/crypto/secret.hpp"
#include "sync_server/access/limits.hpp"
#include "sync_server/access/sessions.hpp"

using namespace lantaarn;
using namespace lantaarn::server::access;

namespace {
const UserId kUser{{1}}, kOther{{2}};
Sessions::Now at(std::int64_t ms) { return {1'000'000 + ms, ms}; }
}  // namespace

TEST_CASE("a session locks after two minutes without anybody, and ends after half an hour", "[access][sessions]") {
  REQUIRE(crypto::initialise().ok());
  Sessions sessions;
  const auto started = sessions.start(kUser, at(0), "peer", "agent");
  Session* session = sessions.find(started.token, at(kLockAfterMs - 1));
  REQUIRE(session != nullptr);
  CHECK_FALSE(session->locked);
  Sessions::touch(*session, at(kLockAfterMs - 1));
  CHECK_FALSE(sessions.find(started.token, at(2 * kLockAfterMs - 2))->locked);
  session = sessions.find(started.token, at(2 * kLockAfterMs - 1));
  REQUIRE(session->locked);
  CHECK_FALSE(sessions.is_open(session->id, at(2 * kLockAfterMs - 1)));
  // Somebody who is there again does not unlock it.
  Sessions::touch(*session, at(2 * kLockAfterMs));
  CHECK(sessions.find(started.token, at(2 * kLockAfterMs))->locked);
  CHECK(sessions.find(started.token, at(2 * kLockAfterMs + kIdleEndMs)) == nullptr);
}

TEST_CASE("a session ends after a working day, whoever is there", "[access][sessions]") {
  REQUIRE(crypto::initialise().ok());
  Sessions sessions;
  const auto started = sessions.start(kUser, at(0), "", "");
  for (std::int64_t ms = 0; ms < kAbsoluteEndMs; ms += kMinuteMs) {
    Session* session = sessions.find(started.token, at(ms));
    REQUIRE(session != nullptr);
    Sessions::touch(*session, at(ms));
  }
  CHECK(sessions.find(started.token, at(kAbsoluteEndMs)) == nullptr);
}

TEST_CASE("a token is no other's, and an ended session is gone everywhere", "[access][sessions]") {
  REQUIRE(crypto::initialise().ok());
  Sessions sessions;
  const auto mine = sessions.start(kUser, at(0), "", "");
  const auto hers = sessions.start(kOther, at(0), "", "");
  CHECK(mine.token != hers.token);
  CHECK(sessions.find(mine.token, at(1))->user == kUser);
  CHECK(sessions.find(mine.token + "A", at(1)) == nullptr);
  CHECK(sessions.find("", at(1)) == nullptr);
  sessions.end_all(kUser);
  CHECK(sessions.find(mine.token, at(1)) == nullptr);
  CHECK(sessions.find(hers.token, at(1)) != nullptr);
}

TEST_CASE("who signs in too often loses the session that was silent longest", "[access][sessions]") {
  REQUIRE(crypto::initialise().ok());
  Sessions sessions;
  std::vector<std::string> tokens;
  for (std::size_t i = 0; i <= kSessionsPerUserMax; ++i) tokens.push_back(sessions.start(kUser, at(static_cast<std::int64_t>(i)), "", "").token);
  CHECK(sessions.find(tokens.front(), at(100)) == nullptr);
  CHECK(sessions.find(tokens[1], at(100)) != nullptr);
  CHECK(sessions.of(kUser, at(100)).size() == kSessionsPerUserMax);
}
