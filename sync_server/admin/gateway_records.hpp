#pragma once
// What the gateway process is told: channel key, receipt seed, PSKs and public keys; nothing that opens or commands.

#include "common/channel/address.hpp"
#include "sync_server/admin/context.hpp"
#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::admin {

/// The first frame: where to listen, its keys, every handheld and ticket.
[[nodiscard]] Result<ipc::Frame> configuration(Context& context, const channel::Address& listen);
/// An Update with every handheld and ticket, or with one handheld and its tickets.
[[nodiscard]] Result<ipc::Frame> devices_update(Context& context, const std::optional<DeviceId>& only = {});

/// The server's keys have changed.
[[nodiscard]] ipc::Frame secrets_update(const Keys& keys);
[[nodiscard]] ipc::Frame tickets_update(const std::vector<TicketRecord>& tickets);

/// Tells what is merged, once for each step forward.
class MergedNews {
 public:
  /// An Update with what has changed since the last one; nothing when nothing has.
  [[nodiscard]] std::optional<ipc::Frame> update(const std::vector<DeviceView>& devices);

 private:
  std::map<std::pair<DeviceId, LogId>, std::uint64_t> told_;
};

}  // namespace lantaarn::server::admin
