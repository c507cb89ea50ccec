#pragma once
// What is asked of a handheld, and what follows from it: shared by the commands and by the sessions in which it is done.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// The fact that a handheld may not connect any more: of each of its logs what was received by now is the last accepted.
[[nodiscard]] model::Event device_revoked(const Context& context, const DeviceId& device, const ReceivedLogs& received);
/// Tickets of this handheld that were not used (`user`: only hers) are used up.
[[nodiscard]] Status retire_tickets(Registry& registry, Change& change, const DeviceId& device, const std::optional<UserId>& user);

}  // namespace lantaarn::server::admin
