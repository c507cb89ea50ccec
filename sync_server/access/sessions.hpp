#pragma once
// Who is signed in, in memory only: a restart signs everybody out. A session is found by the hash of its token; it locks
// after two minutes without anybody there, and ends after half an hour so or after a working day. Times are monotonic, so
// that no clock change keeps one alive. Plain decisions, no I/O.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/id.hpp"

namespace lantaarn::server::access {

struct Session {
  ByteArray<8> id{};
  UserId user;
  std::string csrf;                 ///< what every change has to name
  std::int64_t since_ms = 0, seen_ms = 0;  ///< wall clock, for showing
  std::int64_t began = 0, active = 0;      ///< monotonic
  bool locked = false;
  std::string peer, agent;
};

class Sessions {
 public:
  struct Now {
    std::int64_t wall_ms = 0, monotonic_ms = 0;
  };
  struct Started {
    std::string token;              ///< for the cookie; known nowhere else
    Session* session = nullptr;
  };
  /// Beyond kSessionsPerUserMax the one that was silent longest ends.
  [[nodiscard]] Started start(const UserId& user, Now now, std::string peer, std::string agent);
  /// Nothing when there is none, or it has ended by now. Locks it when nobody was there for too long.
  [[nodiscard]] Session* find(std::string_view token, Now now);
  /// Somebody is there. Does not unlock.
  static void touch(Session& session, Now now);
  void end(const ByteArray<8>& id);
  /// All of a user's; who is revoked is out at once.
  void end_all(const UserId& user);
  [[nodiscard]] std::vector<const Session*> of(const UserId& user, Now now);
  /// Whether a session with this id is there and not locked: for streams that go on.
  [[nodiscard]] bool is_open(const ByteArray<8>& id, Now now);

 private:
  static bool has_ended(const Session& session, Now now);
  std::map<Hash, Session> by_hash_;
};

}  // namespace lantaarn::server::access
