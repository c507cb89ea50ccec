#pragma once
// From the handheld to its server: dial, prove who we are, sync or enrol. Blocks the calling thread; every wait has a
// deadline. Needs nobody's PIN: the channel key and the PSK belong to the device.

#include <chrono>

#include "common/sync/enrol.hpp"
#include "common/sync/sender.hpp"
#include "common/sync/ticket.hpp"
#include "firmware_app/outbox/outbox.hpp"

namespace lantaarn::firmware {

struct UplinkTimeouts {
  std::chrono::milliseconds handshake = std::chrono::seconds(10);
  std::chrono::milliseconds receive = std::chrono::seconds(60);  ///< a busy server lets us wait for our turn
  std::chrono::milliseconds send = std::chrono::seconds(30);
};

/// Keys and clock are not owned.
struct SyncSettings {
  std::string server_address;  ///< HOST:PORT
  ServerId server;
  crypto::DhPublicKey server_key{};
  crypto::VerifyKey authority_key{};
  std::optional<crypto::VerifyKey> recovery_key = {};  ///< what a higher epoch must be proven with; nothing: not known
  std::uint32_t keys_generation = 0;  ///< of the server's keys; 0: their changes are not followed
  std::uint32_t sealing_number = 1;
  DeviceId device;
  const crypto::Key* channel_key = nullptr;
  const crypto::Key* psk = nullptr;
  const Clock* clock = nullptr;
  std::uint32_t epoch = 0;     ///< the last one the server told; 0: none yet
  std::string app_version;
  UplinkTimeouts timeouts;
};

struct SyncReport {
  OutboxCounts counts;               ///< after this sync, over everything
  std::uint64_t entries_sent = 0;    ///< in this session
  std::uint64_t entries_received = 0;
  std::uint64_t statements = 0;      ///< accepted by the sink
  std::uint32_t epoch = 0;           ///< the server's
  std::int64_t server_time_ms = 0;   ///< at about `heard_at`
  ClockReading heard_at;
  std::vector<LogId> diverged;       ///< the server holds another branch of these: this device was put back to an old copy
  std::vector<LogId> unreadable;     ///< damaged; their good part was sent
};

/// One session. On success everything readable is received (its receipts recorded, durable) and everything the server
/// had for this device is accepted. After an error nothing is lost: what was received is recorded, the rest stays.
/// Errors: kRetry "server_unreachable" ({0} address), "connection_lost", "peer_silent"; kRejectPeer "server_key_wrong",
/// "device_revoked", "server_busy", "server_cannot_store" and what else the server refuses with, "protocol_error",
/// "statement_not_authentic", "statement_old", "receipt_wrong", "server_older"; kRefused "device_refused",
/// "address_invalid"; those of journal and sink.
[[nodiscard]] Result<SyncReport> sync_once(const SyncSettings& settings, Outbox& outbox, sync::StatementSink& sink,
                                           const sync::ProgressSink& progress = {});

/// Nothing is owned.
struct EnrolSettings {
  const sync::Ticket* ticket = nullptr;
  std::string server_address;               ///< empty: the ticket's
  const crypto::Key* channel_key = nullptr;  ///< the device's own, new or (a further user) as before
  sync::EnrolUser user;
  const Clock* clock = nullptr;
  UplinkTimeouts timeouts;
};

/// Repeatable with the same channel key until the device's first ordinary sync, so a cut here costs nothing.
/// Errors: as sync_once where they fit; kRefused "ticket_refused"; kRejectPeer "ticket_used", "ticket_expired",
/// "ticket_wrong".
[[nodiscard]] Result<sync::Enrolled> enrol(const EnrolSettings& settings);

}  // namespace lantaarn::firmware
