#pragma once
// Where a log goes on whose beginning its handheld no longer holds: an entry that was pruned once the authority had said
// that it is secured. Asked for less (a server put back with loss), the handheld answers PRUNED with that statement.

#include "common/sync/place.hpp"
#include "common/sync/statement.hpp"

namespace lantaarn::sync {

/// The statement names `secured`; what lies between the two places is sent, and must lead there.
struct Anchor {
  Place at;        ///< the last entry that was pruned
  Place secured;   ///< at.seq <= secured.seq
  bool operator==(const Anchor&) const = default;
};

/// Whether one of the authority's keys said for this device that the log is secured through `at` or beyond it.
/// Errors: kRejectPeer "statement_not_authentic".
[[nodiscard]] Result<Anchor> verify_anchor(const std::vector<crypto::VerifyKey>& authority, const DeviceId& device, const LogId& log,
                                           const Place& at, const pb::SignedStatement& secured);

}  // namespace lantaarn::sync
