#pragma once
// A batch checked again by the registry, which does not trust the gateway: chain and signatures, run by run. Pure.

#include "common/journal/batch.hpp"
#include "sync_server/merge/directory.hpp"

namespace lantaarn::server {

struct CheckedEntry {
  journal::EntryView entry;      ///< views into the batch
  Hash hash{};
  std::size_t run = 0;
};
/// A run of one author's entries with the signature at its end.
struct CheckedRun {
  bool verified = false;         ///< by one of the keys bound to her on this device
  UnverifiedRun end;
};
struct CheckedBatch {
  std::vector<CheckedEntry> entries;
  std::vector<CheckedRun> runs;
};

/// Errors are those of journal::verify_batch, except that a signature no key fits is not one: such a run comes back
/// unverified, since its author's key may be bound later.
[[nodiscard]] Result<CheckedBatch> check_batch(ByteView batch, const DeviceId& device, const LogId& log, const BoundKeys& keys);

/// Whether one of the keys signed the run's end.
[[nodiscard]] bool verifies(const UnverifiedRun& run, const std::vector<crypto::VerifyKey>& keys);

}  // namespace lantaarn::server
