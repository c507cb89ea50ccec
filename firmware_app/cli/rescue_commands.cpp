// By hand instead of by network: out with a rescue, in with an answer. Neither needs a PIN.

#include <algorithm>
#include <cstdio>
#include <memory>

#include "common/words/words.hpp"
#include "firmware_app/caseload/lease_end.hpp"
#include "firmware_app/caseload/statement_keeper.hpp"
#include "firmware_app/capture/pruning.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/folder.hpp"
#include "firmware_app/outbox/outbox.hpp"
#include "firmware_app/outbox/rescue.hpp"
#include "firmware_app/platform/whole_file.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;
using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

sync::ReadBytes read_from(std::FILE* file, const std::string& path) {
  return [file, path](std::span<std::uint8_t> into) -> Result<std::size_t> {
    const std::size_t got = std::fread(into.data(), 1, into.size(), file);
    if (std::ferror(file) != 0) return refused("file_unreadable", {path});
    return got;
  };
}

struct Taken {
  sync::SessionOutcome outcome;
  bool torn = false;
};

// What could be taken before something was wrong is kept, as after a session that was cut.
Result<Taken> take_answer(Folder& folder, Outbox& outbox, sync::StickReader& reader) {
  const JudgedClock clock(folder.clock, folder.clock_observation);
  StatementKeeper keeper(folder.vault, folder.caseload);
  sync::Sender sender(sender_config(folder.server, clock), outbox, keeper, {});
  LANTAARN_TRY(sender.begin_file());
  Status taken;
  while (taken.ok()) {
    LANTAARN_ASSIGN(const auto record, reader.next());
    if (!record) break;
    if (record->kind == sync::StickRecord::kMessage) taken = sender.receive(record->payload);
  }
  const Status settled = sender.settle();
  LANTAARN_TRY(taken);
  LANTAARN_TRY(settled);
  return Taken{sender.outcome(), reader.torn()};
}

Status note_answer(Folder& folder, Outbox& outbox, const sync::SessionOutcome& outcome) {
  if (outcome.epoch == 0) return {};
  // The epoch stays: only a session in which everything went again teaches it.
  LANTAARN_ASSIGN(const bool everything, outbox.everything_received());
  LANTAARN_ASSIGN(const auto last, folder.vault.last_sync());
  if (!last || last->wall_ms < outcome.server_time_ms) LANTAARN_TRY(folder.vault.set_last_sync({outcome.server_time_ms, everything}));
  if (everything) LANTAARN_TRY(end_all_desks(folder.journal));
  return end_due_leases(folder.vault, folder.journal, folder.caseload, folder.clock.now());
}

}  // namespace

Result<Answer> rescue(const Arguments& arguments) {
  LANTAARN_ASSIGN(const std::string folder, data_folder(arguments.globals));
  const std::string path = arguments.one("file");
  LANTAARN_ASSIGN(WholeFile file, WholeFile::begin(path));
  LANTAARN_ASSIGN(const ScratchFolder scratch, ScratchFolder::beside(path));
  LANTAARN_ASSIGN(auto journal, open_for_rescue(folder, scratch.path()));
  const auto write = [&file](ByteView bytes) { return file.write(bytes); };
  LANTAARN_ASSIGN(auto writer, sync::StickWriter::begin(sync::StickKind::kRescue, journal.device(), write));
  LANTAARN_ASSIGN(const RescueCounts counts, write_rescue(journal, writer));
  LANTAARN_TRY(file.finish());

  Answer answer;
  answer.document = json::object{{"file", path}, {"device", journal.device().hex()}, {"logs", counts.logs},
                                 {"entries", counts.entries}, {"unreadable", counts.unreadable}};
  answer.lines.push_back(text("label:rescued", {std::to_string(counts.entries), path}));
  if (counts.unreadable > 0) answer.warnings.push_back(corrupt("rescue_incomplete", {std::to_string(counts.unreadable)}));
  return answer;
}

Result<Answer> receive(const Arguments& arguments) {
  // Also for a handheld that is to be wiped: it waits for these receipts.
  LANTAARN_ASSIGN(const auto folder, open_folder(arguments.globals, WhileWiping::kGoesOn));
  const std::string path = arguments.one("file");
  const File file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (!file) return refused("file_unreadable", {path});
  LANTAARN_ASSIGN(auto reader, sync::StickReader::open(sync::StickKind::kAnswer, read_from(file.get(), path)));
  if (reader.device() != folder->server.device) return refused("answer_other_device");
  Outbox outbox(folder->journal);
  LANTAARN_ASSIGN(const Taken taken, take_answer(*folder, outbox, reader));
  LANTAARN_TRY(note_answer(*folder, outbox, taken.outcome));
  LANTAARN_ASSIGN(const std::uint64_t pruned, prune_secured(folder->journal));
  LANTAARN_ASSIGN(const OutboxCounts counts, outbox.counts());

  Answer answer;
  answer.document = json::object{{"statements", taken.outcome.progress.statements}, {"saved_total", counts.saved},
                                 {"received_total", counts.received}, {"merged_total", counts.merged},
                                 {"secured_total", counts.secured}, {"pruned", pruned}, {"torn", taken.torn}};
  answer.lines.push_back(text("label:answer_taken", {std::to_string(counts.received), std::to_string(counts.saved)}));
  if (taken.torn) answer.warnings.push_back(corrupt("stick_torn"));
  if (!taken.outcome.diverged.empty()) answer.warnings.push_back(refused("journal_forked"));
  return answer;
}

}  // namespace lantaarn::firmware::cli
