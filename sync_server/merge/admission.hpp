#pragma once
// Who is let in. Pure rules over the set: what the bytes say, who may sign on the device, forks, revocations, and what a
// coordinator admitted by name. FORMAT.md has the table.

#include "sync_server/merge/directory.hpp"
#include "sync_server/registry/registry.hpp"

namespace lantaarn::server {

/// `apart`: the entry stands on a branch that a ForkObserved set apart. Only a fork and a revocation can be lifted by
/// EntriesAdmitted; a signature that does not hold, or an event that is not valid, cannot be admitted by a decision.
[[nodiscard]] Admission judge(const EntryRecord& entry, const Directory& directory, bool own, bool apart);

/// The entries of one log that stand on branches set apart: each `other` of a fork and all that follow it.
[[nodiscard]] std::set<Hash> branches_apart(const std::vector<StoredEntry>& log, const std::set<Fork>& forks);

/// Of each log of a handheld where its kept branch ends, of what is merged: what a revocation accepts. Logs of which nothing
/// is proven are not in it. Errors: those of the registry.
[[nodiscard]] Result<std::vector<EntryPlace>> last_accepted(Registry& registry, const Directory& directory, const DeviceId& device);

/// Where the kept branch of a log ends as far as its author is proven; nothing when none of it is. `log`: all of its entries.
/// The branch that was received first need not be it: whoever holds a handheld but no PIN can be first.
[[nodiscard]] std::optional<EntryPlace> kept_end(const std::vector<StoredEntry>& log, const std::set<Fork>* forks);

}  // namespace lantaarn::server
