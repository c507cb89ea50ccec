#pragma once
// What goes when a lease is over (vault/lease.hpp), and when a user leaves: her cards and every readable copy of what she
// wrote down. Sealed entries stay and wait for the server. No PIN is needed, and nobody else's things are touched.

#include "firmware_app/caseload/caseload.hpp"
#include "firmware_app/caseload/closing.hpp"

namespace lantaarn::firmware {

/// Hers: cards, provisional cards, seal keys of round and desk, own changes, follow-ups done, heads. On success they are gone
/// from the files; on an error, or when the power goes, the next call goes on. Records that name no owner (of a program
/// before this rule) go with hers. A caseload that cannot be opened holds nothing up: its error comes when cards do.
[[nodiscard]] Status drop_readable(journal::Journal& journal, Result<Caseload>& caseload, const UserId& user);

/// What drop_readable() takes out of the journal, as Journal::save takes it; `user` nothing: everybody's.
[[nodiscard]] Result<std::vector<journal::Companion>> readable_copies_of(journal::Journal& journal, const std::optional<UserId>& user);

/// Vault::end_due_leases() with what follows from it. At every start, after a sync, and between saves as time goes by;
/// never within a save.
[[nodiscard]] Status end_due_leases(Vault& vault, journal::Journal& journal, Result<Caseload>& caseload, const ClockReading& now);

}  // namespace lantaarn::firmware
