#pragma once
// What the registry brings from a rescue file takes the way of what a handheld sends: the same store, the same checks.

#include "sync_server/gateway/session.hpp"

namespace lantaarn::server::gateway {

/// Answers with RescueStored once it is durable, or not. On the network's executor, like all here.
void take_rescue_batch(Shared& shared, const ipc::RescueBatch& rescued);
/// Answers with ReceiptsMade: what stands in the inbox after everything taken in before, certified.
void make_receipts(Shared& shared, const ipc::ReceiptsWanted& wanted);

}  // namespace lantaarn::server::gateway
