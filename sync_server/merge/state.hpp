#pragma once
// Inside the merge: what lasts from one transaction to the next.

#include "sync_server/merge/clock_repair.hpp"
#include "sync_server/merge/opener.hpp"
#include "sync_server/merge/own_log.hpp"

namespace lantaarn::server {

/// ClockObserved facts by boot, read when first asked for.
class ClockSamples {
 public:
  [[nodiscard]] Result<std::vector<ClockSample>> of(Registry& registry, const DeviceId& device, const ByteArray<kIdBytes>& boot_id);
  void forget(const ByteArray<kIdBytes>& boot_id) { samples_.erase(boot_id); }

 private:
  std::map<ByteArray<kIdBytes>, std::vector<std::pair<DeviceId, ClockSample>>> samples_;
};

struct Merger::State {
  Registry& registry;
  const ServerKeys& keys;
  MergeOptions options;
  Directory directory;
  OwnLog own_log;
  SealKeys seal_keys;
  ClockSamples clocks;
  bool stale = false;  ///< a transaction failed: directory, own log and clocks are read anew before the next

  [[nodiscard]] Status refresh();
  /// Whether this is a server's own log: this one's, or one whose register was taken over.
  [[nodiscard]] bool is_own(const DeviceId& device) const {
    return device == device_of(keys.server.id) || directory.former_servers().contains(device);
  }
};

[[nodiscard]] Result<Directory> load_directory(Registry& registry);

}  // namespace lantaarn::server
