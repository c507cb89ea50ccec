#pragma once
// The server is a writer too: its facts are entries of its own log, in the journal's format, sealed to its own sealing
// key and signed by the authority key, so that they can be shipped and replayed like a handheld's.

#include "sync_server/merge/examine.hpp"
#include "sync_server/merge/merge.hpp"

namespace lantaarn::server {

class OwnLog {
 public:
  OwnLog(const ServerKeys& keys, LogId log, journal::Position head);
  /// Continues the registry's own log, or begins one. A seal key of its own from here on.
  [[nodiscard]] static Result<OwnLog> open(Registry& registry, const ServerKeys& keys);

  /// Seals and signs one event and appends it in `change`; where it stands. When the change is not committed this object is spent: open() again.
  [[nodiscard]] Result<EntryContext> append(Change& change, ByteView event, std::int64_t now_ms);

 private:
  const ServerKeys* keys_;
  LogId log_;
  journal::Position head_;
  journal::SealKey seal_key_;
  bool key_told_ = false;
};

/// The server as a device, and as the author of its log.
[[nodiscard]] DeviceId device_of(const ServerId& server);

}  // namespace lantaarn::server
