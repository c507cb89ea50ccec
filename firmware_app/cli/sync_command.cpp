#include <cstdio>

#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/cli/progress.hpp"
#include "firmware_app/handheld/synchronise.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

json::array hex_array(const std::vector<LogId>& logs) {
  json::array array;
  for (const LogId& log : logs) array.push_back(json::value(log.hex()));
  return array;
}

json::object document_of(const SyncReport& report, std::uint64_t pruned, bool wiped) {
  return {{"sent", report.entries_sent},          {"received", report.entries_received},
          {"statements", report.statements},      {"saved_total", report.counts.saved},
          {"received_total", report.counts.received}, {"merged_total", report.counts.merged},
          {"secured_total", report.counts.secured},   {"pruned", pruned},
          {"wiped", wiped},                       {"diverged", hex_array(report.diverged)}};
}

// The bar is gone before anything else is said.
Result<Synchronised> with_bar(Folder& folder, Outbox& outbox, bool wanted) {
  ProgressBar bar(wanted);
  return firmware::synchronise(folder, outbox, [&bar](const sync::SyncProgress& progress) { bar.show(progress); });
}

}  // namespace

Result<Answer> synchronise(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto folder, open_folder(arguments.globals, WhileWiping::kGoesOn));
  if (const auto address = arguments.maybe("server")) {
    folder->server.address = *address;
  }
  Outbox outbox(folder->journal);
  const auto done = with_bar(*folder, outbox, !arguments.globals.json);
  if (!done.ok()) {
    const auto counts = outbox.counts();
    const bool damaged = done.error().code == "journal_damaged";
    if (counts.ok() && !arguments.globals.json && !damaged) {
      std::fprintf(stdout, "%s\n", text("label:sync_failed", {std::to_string(waiting(*counts))}).c_str());
    }
    return done.error();
  }
  Answer answer;
  answer.document = document_of(done->report, done->pruned, done->wiped);
  if (done->wiped) {
    answer.lines = {text("label:wiped_now")};
    return answer;
  }
  answer.lines = {text("label:sync_progress", {std::to_string(done->report.entries_sent), std::to_string(done->report.entries_sent),
                                               std::to_string(done->report.entries_received)}),
                  text("label:sync_done")};
  if (!done->report.diverged.empty()) answer.warnings.push_back(refused("journal_forked"));
  if (done->wiping) answer.warnings.push_back(refused("device_wiping"));
  return answer;
}

}  // namespace lantaarn::firmware::cli
