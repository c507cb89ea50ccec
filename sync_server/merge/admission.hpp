#pragma once
// Who is let in. Pure rules over the set: what the bytes say, who may sign on the device, forks, revocations, and what a
// coordinator admitted by name. FORMAT.md has the table.

#include "sync_server/merge/directory.hpp"

namespace lantaarn::server {

/// `apart`: the entry stands on a branch that a ForkObserved set apart. Only a fork and a revocation can be lifted by
/// EntriesAdmitted; a signature that does not hold, or an event that is not valid, cannot be admitted by a decision.
[[nodiscard]] Admission judge(const EntryRecord& entry, const Directory& directory, bool own, bool apart);

/// The entries of one log that stand on branches set apart: each `other` of a fork and all that follow it.
[[nodiscard]] std::set<Hash> branches_apart(const std::vector<StoredEntry>& log, const std::set<Fork>& forks);

}  // namespace lantaarn::server
