#pragma once
// Which women the person who asks may see.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Who stands for a cluster of linked clients, never its other members. Everyone for a role that sees all; else her own caseload
/// (an expert by experience: whom she is second contact for). With Context::let_in only that woman; never one of
/// Context::hidden.
[[nodiscard]] Result<std::vector<Client>> visible_clients(Context& context);
/// Who stands for `id`, when she is one of those; without reading the others.
[[nodiscard]] Result<std::optional<Client>> visible_client(Context& context, const ClientId& id);
/// Among those, by name or id. kRefused "client_not_found", "client_ambiguous_here" {ids}.
[[nodiscard]] Result<Client> find_visible_client(Context& context, const std::string& typed);

/// Whether what is about `member` may be seen; `clients` are the visible ones (not looked at for a role that sees all).
[[nodiscard]] bool may_see(Context& context, const std::vector<Client>& clients, const ClientId& member);
/// A declared relation of hers.
[[nodiscard]] bool is_hidden(Context& context, const ClientId& member);
/// Whether `client` stands for `member` (or is her).
[[nodiscard]] bool stands_for(Context& context, const Client& client, const ClientId& member);
/// Whether `client` is in her own caseload, as she may see it.
[[nodiscard]] bool is_hers(const Context& context, const Client& client);

}  // namespace lantaarn::server::admin
