#pragma once
// Folding from the start: after an upgrade.

#include "sync_server/merge/state.hpp"

namespace lantaarn::server {

/// Examines again what an older program did not know or let in, folds everything, and marks the registry with the fold
/// version of the options; one transaction. `fresh`: there is nothing to fold yet.
[[nodiscard]] Status refold(Merger::State& state, bool fresh);

}  // namespace lantaarn::server
