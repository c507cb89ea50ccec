#include "firmware_app/handheld/synchronise.hpp"

#include <algorithm>

#include "firmware_app/capture/pruning.hpp"
#include "firmware_app/custody/directives.hpp"

namespace lantaarn::firmware {
namespace {

// What a session taught is kept: where the server was found, its epoch, how the clocks stand, and when it was.
Status note_session(Folder& folder, Outbox& outbox, const SyncReport& report) {
  const ClockReading& heard = report.heard_at;
  LANTAARN_TRY(folder.vault.set_address(folder.server.address));
  LANTAARN_TRY(folder.vault.raise_epoch(report.epoch));
  LANTAARN_TRY(folder.vault.set_clock_observation({report.server_time_ms, heard.wall_ms, heard.monotonic_ms, heard.boot_id}));
  LANTAARN_ASSIGN(const bool everything, outbox.everything_received());
  LANTAARN_TRY(folder.vault.set_last_sync({report.server_time_ms, everything}));
  // A readable copy goes only when the server has the contacts.
  if (everything) LANTAARN_TRY(end_all_desks(folder.journal));
  // A new lease begins to count; one that a directive ended leaves nothing.
  return end_due_leases(folder.vault, folder.journal, folder.caseload, folder.clock.now());
}

Result<SyncReport> session_with(Folder& folder, Outbox& outbox, const ChannelKeys& keys, bool on_next_keys, const sync::ProgressSink& progress) {
  const JudgedClock clock(folder.clock, folder.clock_observation);
  SyncSettings settings;
  settings.server_address = folder.server.address;
  settings.server = folder.server.server;
  settings.server_key = folder.server.channel_key;
  settings.authority_key = folder.server.authority_key;
  settings.recovery_key = folder.server.recovery_key;
  settings.keys_generation = folder.server.keys_generation;
  settings.sealing_number = folder.server.sealing_key_number;
  settings.device = folder.server.device;
  settings.channel_key = &keys.private_key;
  settings.psk = &keys.psk;
  settings.clock = &clock;
  settings.epoch = folder.server.epoch;
  settings.app_version = LANTAARN_VERSION;
  Directives directives(folder.to_wipe(), outbox, on_next_keys);
  StatementKeeper keeper(folder.vault, folder.caseload, &directives, [&folder] { return Caseload::open_anew(folder.path + "/caseload.db"); });
  return sync_once(settings, outbox, keeper, progress);
}

// Keys this handheld made itself go first. The server may not have heard of them: then the old ones still count.
Result<SyncReport> run_session(Folder& folder, Outbox& outbox, const sync::ProgressSink& progress) {
  LANTAARN_ASSIGN(const auto next, folder.vault.next_channel_keys());
  if (next) {
    auto report = session_with(folder, outbox, *next, true, progress);
    if (report.ok() || report.error().code != "device_refused") return report;
  }
  LANTAARN_ASSIGN(const ChannelKeys keys, folder.vault.channel_keys());
  return session_with(folder, outbox, keys, false, progress);
}

// The server refuses what it knows to be wiped: it has heard, though this handheld did not hear so. Said inside the channel,
// so by nobody else. True: nothing is left.
Result<bool> ends_wipe(Folder& folder, const Result<SyncReport>& report) {
  if (!report.ok() && report.error().code == "device_revoked") {
    LANTAARN_ASSIGN(const auto emptied, resume_wipe(folder.to_wipe()));
    if (emptied.value_or(false)) LANTAARN_TRY(folder.vault.set_wipe_stage(Vault::WipeStage::kReported));
  }
  return finish_wiping(folder);
}

}  // namespace

std::uint64_t waiting(const OutboxCounts& counts) { return counts.saved - std::min(counts.saved, counts.received); }

Result<Synchronised> synchronise(Folder& folder, Outbox& outbox, const sync::ProgressSink& progress) {
  Synchronised done;
  auto report = run_session(folder, outbox, progress);
  LANTAARN_ASSIGN(done.wiped, ends_wipe(folder, report));
  if (done.wiped) {
    if (report.ok()) done.report = std::move(*report);
    return done;
  }
  if (!report.ok()) return std::move(report).error();
  done.report = std::move(*report);
  LANTAARN_TRY(note_session(folder, outbox, done.report));
  LANTAARN_ASSIGN(done.pruned, prune_secured(folder.journal));
  if (!done.report.unreadable.empty()) return corrupt("journal_damaged");
  LANTAARN_ASSIGN(const auto stage, folder.vault.wipe_stage());
  done.wiping = stage != Vault::WipeStage::kNone;
  return done;
}

}  // namespace lantaarn::firmware
