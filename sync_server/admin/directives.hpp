#pragma once
// What is asked of a handheld, and what follows from it: shared by the commands and by the sessions in which it is done.

#include "sync_server/admin/context.hpp"

namespace lantaarn::server::admin {

/// Merges what is received, then says of each of the handheld's logs where its kept branch ends: not where the longest or the
/// first one does. Errors: those of a merge.
[[nodiscard]] Result<std::vector<EntryPlace>> accepted_by_now(Context& context, const DeviceId& device);
/// The fact that a handheld may not connect any more; what lies beyond `accepted` waits for a decision.
[[nodiscard]] model::Event device_revoked(const Context& context, const DeviceId& device, const std::vector<EntryPlace>& accepted);
/// The fact that something is asked of it, for the reason that was named.
[[nodiscard]] model::Event directive_given(const Context& context, const DeviceId& device, std::string_view directive);
/// Tickets of this handheld that were not used (`user`: only hers) are used up.
[[nodiscard]] Status retire_tickets(Registry& registry, Change& change, const DeviceId& device, const std::optional<UserId>& user);

}  // namespace lantaarn::server::admin
