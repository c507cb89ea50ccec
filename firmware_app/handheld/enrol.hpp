#pragma once
// A user of this handheld, the first or a further one: a ticket, a PIN of her choice, one conversation with the server.
// Blocks.

#include "common/sync/ticket.hpp"
#include "firmware_app/handheld/folder.hpp"

namespace lantaarn::firmware {

/// kRefused "file_unreadable" {path}, "ticket_unreadable".
[[nodiscard]] Result<sync::Ticket> ticket_from(const std::string& path);

struct EnrolAs {
  std::string name;         ///< one of the ticket's users
  std::string address = {};  ///< HOST:PORT; empty: the ticket's
  bool further = false;     ///< beside those who are enrolled already
};
struct EnrolledUser {
  ServerFacts server;
  VaultUser user;
};
/// On success she is enrolled, durable; her cards come with the next sync. After an error the same ticket, or another one of
/// this device, goes on where it was cut. Errors: those of Vault::begin_enrolment and of uplink's enrol(); kRefused
/// "address_needed" when neither names one.
[[nodiscard]] Result<EnrolledUser> enrol_user(Vault& vault, const sync::Ticket& ticket, const crypto::SecretBytes& pin,
                                              const EnrolAs& as);

}  // namespace lantaarn::firmware
