#pragma once
// A random evening as a set: what handhelds saved and what the server said; and ways to deliver it.

#include "tests/sync_server/merge/town.hpp"

namespace lantaarn::support {

struct Evening {
  std::vector<Bytes> facts;          ///< of the server, in the order of its own log
  std::vector<GeneratedLog> logs;    ///< whole; a fork is two logs with one id
};
[[nodiscard]] Evening draw_evening(Draw& draw, const GeneratedServer& server);

/// How it came: facts in their order, logs cut into batches anywhere, batches in any order, some twice, merged in
/// transactions of any size.
struct Delivered {
  std::unique_ptr<server::Registry> registry;
  server::Digest digest;
};
/// Facts first, logs whole, one after the other.
[[nodiscard]] Delivered deliver_in_order(const Evening& evening, const GeneratedServer& server);
[[nodiscard]] Delivered deliver_at_random(const Evening& evening, const GeneratedServer& server, Draw& draw);

}  // namespace lantaarn::support
