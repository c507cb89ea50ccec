#include "sync_server/admin/ask.hpp"

#include <chrono>
#include <filesystem>
#include <optional>

#include "sync_server/admin/backups.hpp"
#include "sync_server/admin/breach.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/control.hpp"
#include "sync_server/admin/link_eval.hpp"
#include "sync_server/admin/new_file.hpp"
#include "sync_server/admin/open_server.hpp"
#include "sync_server/admin/recovery_sheets.hpp"
#include "sync_server/admin/restore.hpp"

namespace lantaarn::server::admin {
namespace {

constexpr int kLockSliceMs = 100;

// What a second copy would have to fetch.
Result<std::pair<std::uint64_t, std::uint64_t>> written(Registry& registry) {
  LANTAARN_ASSIGN(const auto own, registry.own_head());
  LANTAARN_ASSIGN(const KeysVersion keys, registry.keys_version());
  return std::pair(own ? own->second.seq : 0, keys.changed);
}

Answer run_here(const Folder& folder, const std::string& key_file, const Arguments& arguments, const Clock& clock, const AlsoRun& also) {
  LANTAARN_ASSIGN(const auto server, OpenServer::open(folder, key_file, clock));
  Context context = server->context();
  LANTAARN_ASSIGN(const auto before, written(context.registry));
  if (also) {
    if (auto answer = also(context, arguments)) return std::move(*answer);
  }
  LANTAARN_TRY(copy_next_key(context, arguments));
  Answer answer = run_command(context, arguments);
  if (!answer.ok()) return answer;
  LANTAARN_ASSIGN(const auto after, written(context.registry));
  if (before != after || waits_for_shipping(arguments)) ship_alone(context, arguments, *answer);
  return answer;
}

// A server may start, or end, while this waits: each turn tries both ways.
Answer run_there_or_here(const Globals& globals, const Arguments& arguments, const Clock& clock, const AlsoRun& also = {}) {
  const Folder folder{globals.data};
  if (!folder.is_initialised()) return refused("not_initialised");
  const auto patience = std::chrono::steady_clock::now() + std::chrono::milliseconds(kLockPatienceMs);
  while (true) {
    if (auto answer = ask_running_server(folder.control_socket(), arguments)) return std::move(*answer);
    auto lock = database::FileLock::acquire(folder.lock(), kLockSliceMs);
    if (lock.ok()) return run_here(folder, globals.key_file, arguments, clock, also);
    if (lock.error().code != "in_use" || std::chrono::steady_clock::now() > patience) return lock.error();
  }
}

Status write_files(const Output& output, std::optional<NewFile>& claimed) {
  for (const auto& file : output.files) {
    if (!claimed) return bug("admin: a file that nobody asked for");
    LANTAARN_TRY(claimed->fill(as_bytes(file.content)));
  }
  return {};
}

// The server that answers does not know the caller's folder.
Arguments with_whole_paths(Arguments arguments) {
  for (const char* name : {"file", "mapping", "to", "receipts", "target"}) {
    const auto found = arguments.values.find(name);
    if (found == arguments.values.end()) continue;
    for (std::string& path : found->second) path = std::filesystem::absolute(path).string();
  }
  return arguments;
}

// Written here: in this language, in this folder, and no server process draws pages.
Answer breach_sheet_on_paper(const Globals& globals, const Arguments& arguments, const Clock& clock) {
  const std::string path = arguments.one("pdf");
  LANTAARN_ASSIGN(NewFile file, NewFile::claim(path));
  LANTAARN_ASSIGN(Output answer, run_there_or_here(globals, arguments, clock));
  auto& document = answer.document.as_object();
  LANTAARN_ASSIGN(const Bytes pdf, breach_pdf(document));
  LANTAARN_TRY(file.fill(pdf));
  document["pdf"] = path;
  return answer;
}

}  // namespace

Answer ask(const Globals& globals, const Arguments& arguments, const Clock& clock, const AlsoRun& also) {
  if (arguments.command == "init") return initialise(Folder{globals.data}, globals.key_file);
  if (arguments.command == "link-eval") return evaluate_linkage(arguments);
  const AskServer ask_server = [&](const Arguments& other) { return run_there_or_here(globals, other, clock); };
  if (arguments.command == "recovery create") return create_recovery_sheets(arguments, ask_server);
  if (arguments.command == "restore") return restore_server(globals, with_whole_paths(arguments), clock);
  if (arguments.command == "backup list") return list_backups(ask_server);
  if (arguments.command == "backup verify") return verify_backups(ask_server);
  if (arguments.command == "backup drill") return drill_restore(globals, arguments, clock, ask_server);
  if (arguments.command == "device breach-sheet" && arguments.has("pdf")) return breach_sheet_on_paper(globals, arguments, clock);
  std::optional<NewFile> claimed;
  if (arguments.has("ticket")) {
    LANTAARN_ASSIGN(NewFile file, NewFile::claim(arguments.one("ticket")));
    claimed.emplace(std::move(file));
  }
  Answer answer = run_there_or_here(globals, with_whole_paths(arguments), clock, also);
  if (answer.ok()) LANTAARN_TRY(write_files(*answer, claimed));
  return answer;
}

}  // namespace lantaarn::server::admin
