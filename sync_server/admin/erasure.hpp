#pragma once
// Deciding and executing an erasure, for the commands and for the ends of retention terms.

#include "sync_server/admin/documents.hpp"

namespace lantaarn::server::admin {

struct Context;

/// The decision, over her whole cluster; its event id. kRefused "unknown_code" for the ground.
[[nodiscard]] Result<EventId> decide_erasure_of(Context& context, const ClientId& client, const std::string& ground, const std::string& reason);
/// Executes it: everything about these clients is dropped and their keys are destroyed when this returns. The decision
/// names the cluster's head first.
[[nodiscard]] Result<EventId> erase_clients(Context& context, const EventId& decision, const std::vector<ClientId>& clients);

/// States ErasureCompleted for those of which no copy is left that this side can reach; called when the second copy's keyring
/// (or nobody's) has nothing of them either. Cheap when none is pending. Whether some
/// still are: an inbox is pruned by another process, so ask again.
[[nodiscard]] Result<bool> complete_erasures(Context& context);

}  // namespace lantaarn::server::admin
