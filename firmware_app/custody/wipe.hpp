#pragma once
// A handheld that is told to wipe itself (sync.proto, Directive WIPE). The order (sync/PROTOCOL.md, "Directives"): durable marker, user
// keys, cards, then the journal once receipts cover its head, report, device key last. Every step is durable before the next
// one begins and can be repeated, so that a wipe cut anywhere goes on where it was; what is unsent goes out first.
//
// Errors: those of vault, caseload and journal.

#include "firmware_app/caseload/caseload.hpp"
#include "firmware_app/outbox/outbox.hpp"

namespace lantaarn::firmware {

/// What a wipe works on; nothing is owned.
struct WipeOf {
  Vault& vault;
  journal::Journal& journal;
  Result<Caseload>& caseload;
};

/// From the marker on, as far as it can go without the server. `outbox` says what could be read in this session.
/// True: nothing is left but the keys for a session, in which that is reported. False: entries wait for their receipts.
[[nodiscard]] Result<bool> begin_wipe(const WipeOf& of, Outbox& outbox);
/// At every start: goes on with a wipe that was begun. Nothing when there is none.
[[nodiscard]] Result<std::optional<bool>> resume_wipe(const WipeOf& of);
/// The server knows that all of it is done: the device key goes, and the device secret. `of` is spent. Nothing happens unless
/// the wipe was reported.
[[nodiscard]] Result<bool> finish_wipe(const WipeOf& of, DeviceSecret& secret, std::int64_t now_ms);

}  // namespace lantaarn::firmware
