#pragma once
// One handheld's session, from the finished handshake to its end: bytes in and out for a sync::Receiver, which decides.

#include "common/channel/stream.hpp"
#include "common/sync/receiver.hpp"
#include "sync_server/gateway/counts.hpp"
#include "sync_server/gateway/device_rates.hpp"
#include "sync_server/gateway/gate.hpp"
#include "sync_server/gateway/registry_link.hpp"
#include "sync_server/gateway/roster.hpp"
#include "sync_server/gateway/secrets.hpp"
#include "sync_server/gateway/store_thread.hpp"

namespace lantaarn::server::gateway {

class Talk;

/// What all sessions share. Outlives them.
struct Shared {
  boost::asio::any_io_executor executor;
  GatewayLimits limits;
  Roster roster;
  std::unique_ptr<RegistryLink> registry;
  std::unique_ptr<StoreThread> store;
  ReceiptKeys receipt_keys;
  std::uint32_t epoch = 0;
  std::vector<crypto::VerifyKey> authority_keys;
  std::optional<sync::pb::SignedStatement> epoch_raised;
  Gate pushing;        ///< sessions that may send batches
  Gate waiting_bytes;  ///< batches on their way to the disk
  std::map<DeviceId, std::weak_ptr<Talk>> talks;  ///< a handheld has one session; a new one ends the one before
  DeviceRates rates;
  Counts counts;
  std::int64_t last_inbox_id = 0;
  std::uint32_t receipts = 0;
  /// Grows over restarts: the inbox counts them.
  [[nodiscard]] std::uint64_t next_receipt_counter() { return (store->starts() << 32) | ++receipts; }
};

[[nodiscard]] sync::ReceiverConfig receiver_config_for(Shared& shared, const DeviceId& device);

/// Serves an admitted peer until the session is over.
[[nodiscard]] boost::asio::awaitable<void> serve_peer(Shared& shared, channel::Stream stream);

}  // namespace lantaarn::server::gateway
