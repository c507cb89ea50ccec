#pragma once
// What only a running server knows of itself: counts of this run, and how far its two processes are closed in.

#include <cstdint>
#include <map>
#include <string>

#include "sync_server/admin/hygiene.hpp"

namespace lantaarn::server::ipc {
class Counts;
}  // namespace lantaarn::server::ipc

namespace lantaarn::server::admin {

struct ServingFacts {
  // The gateway's, as it last told.
  std::uint64_t sessions = 0, sessions_open = 0, batches = 0;
  std::uint64_t half_open = 0, handshakes_failed = 0, evicted = 0, turned_away = 0;
  std::map<std::string, std::uint64_t> refusals = {};  ///< by error code
  std::string gateway_files = {}, gateway_calls = {};  ///< names of confine::Reached; empty: not told yet
  // The registry process's own.
  std::uint64_t entries_merged = 0;
  RegistryConfinement registry = {};

  void take(const ipc::Counts& counts);
};

}  // namespace lantaarn::server::admin
