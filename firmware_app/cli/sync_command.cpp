#include <cstdio>

#include "common/words/words.hpp"
#include "firmware_app/capture/pruning.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/progress.hpp"
#include "firmware_app/custody/directives.hpp"
#include "firmware_app/uplink/uplink.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

std::uint64_t waiting(const OutboxCounts& counts) { return counts.saved - std::min(counts.saved, counts.received); }

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

json::array hex_array(const std::vector<LogId>& logs) {
  json::array array;
  for (const LogId& log : logs) array.push_back(json::value(log.hex()));
  return array;
}

Result<SyncReport> session_with(Folder& folder, Outbox& outbox, const ChannelKeys& keys, bool on_next_keys, bool with_bar) {
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
  StatementKeeper keeper(folder.vault, folder.caseload, &directives);
  ProgressBar bar(with_bar);
  return sync_once(settings, outbox, keeper, [&bar](const sync::SyncProgress& progress) { bar.show(progress); });
}

// Keys this handheld made itself go first. The server may not have heard of them: then the old ones still count.
Result<SyncReport> run_session(Folder& folder, Outbox& outbox, bool with_bar) {
  LANTAARN_ASSIGN(const auto next, folder.vault.next_channel_keys());
  if (next) {
    auto report = session_with(folder, outbox, *next, true, with_bar);
    if (report.ok() || report.error().code != "device_refused") return report;
  }
  LANTAARN_ASSIGN(const ChannelKeys keys, folder.vault.channel_keys());
  return session_with(folder, outbox, keys, false, with_bar);
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

json::object document_of(const SyncReport& report, std::uint64_t pruned, bool wiped) {
  return {{"sent", report.entries_sent},          {"received", report.entries_received},
          {"statements", report.statements},      {"saved_total", report.counts.saved},
          {"received_total", report.counts.received}, {"merged_total", report.counts.merged},
          {"secured_total", report.counts.secured},   {"pruned", pruned},
          {"wiped", wiped},                       {"diverged", hex_array(report.diverged)}};
}

}  // namespace

Result<Answer> synchronise(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto folder, open_folder(arguments.globals, WhileWiping::kGoesOn));
  if (const auto address = arguments.maybe("server")) {
    folder->server.address = *address;
  }
  Outbox outbox(folder->journal);
  const auto report = run_session(*folder, outbox, !arguments.globals.json);
  LANTAARN_ASSIGN(const bool wiped, ends_wipe(*folder, report));
  if (wiped) {
    Answer answer;
    answer.document = document_of(report.ok() ? *report : SyncReport{}, 0, true);
    answer.lines = {text("label:wiped_now")};
    return answer;
  }
  if (!report.ok()) {
    const auto counts = outbox.counts();
    if (counts.ok() && !arguments.globals.json) {
      std::fprintf(stdout, "%s\n", text("label:sync_failed", {std::to_string(waiting(*counts))}).c_str());
    }
    return report.error();
  }
  LANTAARN_TRY(note_session(*folder, outbox, *report));
  LANTAARN_ASSIGN(const std::uint64_t pruned, prune_secured(folder->journal));
  if (!report->unreadable.empty()) return corrupt("journal_damaged");

  Answer answer;
  answer.document = document_of(*report, pruned, false);
  answer.lines = {text("label:sync_progress", {std::to_string(report->entries_sent), std::to_string(report->entries_sent),
                                               std::to_string(report->entries_received)}),
                  text("label:sync_done")};
  if (!report->diverged.empty()) answer.warnings.push_back(refused("journal_forked"));
  LANTAARN_ASSIGN(const auto stage, folder->vault.wipe_stage());
  if (stage != Vault::WipeStage::kNone) answer.warnings.push_back(refused("device_wiping"));
  return answer;
}

}  // namespace lantaarn::firmware::cli
