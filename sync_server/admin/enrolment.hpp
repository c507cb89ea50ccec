#pragma once
// Enrolment, decided: which ticket, which handheld, which user. The gateway asks after the handshake with the ticket's
// PSK; nothing has changed before that.

#include <map>

#include "sync_server/admin/statements.hpp"
#include "sync_server/gateway/ipc.pb.h"

namespace lantaarn::server::admin {

/// Binds the ticket to the first handheld that shows up with it (it may come again until its first ordinary session),
/// the handheld's channel key, and the user's public keys. Durable on return: DeviceEnrolled and DeviceUserBound are in
/// the server's own log. Errors: kRefused "ticket_wrong" | "ticket_used" | "ticket_expired" | "device_revoked";
/// kRejectPeer "handshake_failed" (the user's key was not proven, or these are not the keys that the ticket's holder
/// named), "protocol_error".
[[nodiscard]] Result<sync::pb::EnrolReply> enrol(Context& context, StatementMaker& statements, const ipc::EnrolAsk& ask);

/// Tickets that a handheld holds until its first ordinary session, in memory.
class HeldTickets {
 public:
  /// Reads them anew.
  [[nodiscard]] Status refresh(Registry& registry);
  /// That session is here: they cannot be used again. Those that were held.
  [[nodiscard]] Result<std::vector<TicketRecord>> spend(Registry& registry, const DeviceId& device);

 private:
  std::multimap<DeviceId, TicketId> held_;
};

/// Those that ended long ago are forgotten, PSK and all.
inline constexpr std::int64_t kTicketMemoryMs = 7LL * 24 * 3600 * 1000;
[[nodiscard]] Status forget_old_tickets(Registry& registry, std::int64_t now_ms);

}  // namespace lantaarn::server::admin
