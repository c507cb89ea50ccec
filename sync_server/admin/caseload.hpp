#pragma once
// Which women the person who asks may see.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Who stands for a cluster of linked clients, never its other members. Everyone for a role that sees all; else her own caseload (an expert by experience: whom she is second contact for).
[[nodiscard]] Result<std::vector<Client>> visible_clients(Context& context);
/// Whether `client` is in her own caseload, as she may see it.
/// Whether `client` stands for `member` (or is her).
[[nodiscard]] bool stands_for(Context& context, const Client& client, const ClientId& member);
[[nodiscard]] bool is_hers(const Context& context, const Client& client);

}  // namespace lantaarn::server::admin
