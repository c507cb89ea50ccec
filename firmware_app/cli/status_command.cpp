#include <algorithm>

#include "common/base/civil_time.hpp"
#include "common/words/words.hpp"
#include "firmware_app/cli/commands.hpp"
#include "firmware_app/cli/storage.hpp"
#include "firmware_app/outbox/outbox.hpp"
#include "firmware_app/platform/process_guard.hpp"

namespace lantaarn::firmware::cli {
namespace {

namespace json = boost::json;
using words::text;

const char* name_of(ClockStatus status) {
  switch (status) {
    case ClockStatus::kOk: return "ok";
    case ClockStatus::kDoubtful: return "doubtful";
    default: return "unknown";
  }
}

// A log of which the server keeps another branch has arrived all the same, set apart.
Result<std::uint64_t> arrived_through(journal::Journal& journal, const journal::LogState& log) {
  LANTAARN_ASSIGN(const auto noted, journal.companion(kForkNotedCompanion, log.genesis.log.view()));
  const std::uint64_t apart = noted && noted->size() == 8 ? load_le<std::uint64_t>(noted->data()) : 0;
  return std::max(apart, log.received.seq);
}

json::object journal_json(const journal::LogState& log) {
  return {{"log_id", log.genesis.log.hex()},   {"frozen", log.frozen},
          {"head", to_hex(log.head.hash)},     {"saved", log.head.seq},
          {"sent", log.sent_seq},              {"received", log.received.seq},
          {"merged", log.merged_seq},          {"secured", log.secured.seq},
          {"pruned", log.pruned.seq}};
}

// A tail that falls short is known at once; a chain that is broken inside is found by walking it.
Result<std::vector<journal::Damage>> find_damage(journal::Journal& journal, const std::vector<journal::LogState>& logs) {
  std::vector<journal::Damage> found = journal.damage();
  for (const auto& log : logs) {
    const bool known = std::any_of(found.begin(), found.end(), [&](const auto& each) { return each.log == log.genesis.log; });
    if (known || log.head.seq == log.pruned.seq) continue;
    std::uint64_t good = log.pruned.seq;
    const Status walked = journal.scan(log.genesis.log, log.pruned.seq + 1, [&](const journal::EntryView& entry, ByteView) -> Status {
      good = entry.header.seq;
      return {};
    });
    if (walked.ok()) continue;
    if (walked.error().kind != ErrorKind::kCorrupt) return walked.error();
    found.push_back({log.genesis.log, good, log.head.seq});
  }
  return found;
}

// Counts and dates only: no PIN was given, so no name is shown.
struct Leases {
  std::optional<std::int64_t> first_end;  // of those that run
  std::uint64_t ended = 0;
  bool strict = false;
};

Result<Leases> look_at_leases(Vault& vault, const std::vector<VaultUser>& users) {
  Leases leases;
  for (const auto& user : users) {
    LANTAARN_ASSIGN(const auto lease, vault.lease(user.id));
    LANTAARN_ASSIGN(const bool ended, vault.lease_ended(user.id));
    if (ended) ++leases.ended;
    if (lease) leases.strict = leases.strict || lease->strict;
    if (lease && !ended) leases.first_end = std::min(leases.first_end.value_or(lease->valid_until_ms), lease->valid_until_ms);
  }
  return leases;
}

json::object lease_json(const Leases& leases) {
  return {{"valid_until", leases.first_end ? json::value(to_rfc3339(*leases.first_end)) : json::value(nullptr)},
          {"ended", leases.ended},
          {"strict", leases.strict}};
}

void add_lease_lines(Answer& answer, const Leases& leases) {
  if (leases.first_end) answer.lines.push_back(text("label:lease_until", {to_amsterdam_text(*leases.first_end)}));
  if (leases.ended > 0) answer.lines.push_back(text("error:lease_ended"));
  if (leases.strict) answer.lines.push_back(text("label:strict"));
}

// How far this process is closed, to others and to itself.
json::object protection_json() {
  const Protection& reached = protection();
  const auto text_of = [](std::string_view name) { return std::string(name); };
  return {{"memory_locked", text_of(name_of(reached.memory))},
          {"files", text_of(name_of(reached.files))},
          {"system_calls", text_of(name_of(reached.system_calls))}};
}

// Only what is not as it should be.
void add_protection_lines(Answer& answer, const json::object& reached) {
  if (reached.at("memory_locked") == "nothing") answer.lines.push_back(text("label:memory_not_locked"));
  for (const char* what : {"files", "system_calls"}) {
    if (reached.at(what) != "confined") answer.lines.push_back(text(std::string("label:not_confined:") + what));
  }
}

void add_lines(Answer& answer, const std::vector<journal::LogState>& logs, std::uint64_t waiting) {
  std::vector<std::vector<std::string>> rows{{text("label:journal"), text("label:count_saved"), text("label:count_sent"),
                                              text("label:count_received"), text("label:count_merged"), text("label:count_secured")}};
  for (const auto& log : logs) {
    rows.push_back({log.genesis.log.hex().substr(0, 8), std::to_string(log.head.seq), std::to_string(log.sent_seq),
                    std::to_string(log.received.seq), std::to_string(log.merged_seq), std::to_string(log.secured.seq)});
  }
  answer.lines = columns(rows);
  answer.lines.push_back(waiting == 0 ? text("label:nothing_waiting") : text("label:waiting", {std::to_string(waiting)}));
}

}  // namespace

Result<Answer> show_status(const Arguments& arguments) {
  LANTAARN_ASSIGN(const auto folder, open_folder(arguments.globals, WhileWiping::kGoesOn));
  LANTAARN_ASSIGN(const auto logs, folder->journal.logs());
  LANTAARN_ASSIGN(const auto damage, find_damage(folder->journal, logs));
  LANTAARN_ASSIGN(const auto users, folder->vault.users());
  LANTAARN_ASSIGN(const auto last_sync, folder->vault.last_sync());
  LANTAARN_ASSIGN(const auto open_rounds, folder->journal.companions(kRoundKeyCompanion));
  LANTAARN_ASSIGN(const bool not_closed, closing_is_due(folder->journal));
  LANTAARN_ASSIGN(const Leases leases, look_at_leases(folder->vault, users));
  const ClockReading now = folder->now();

  Answer answer;
  auto& document = answer.document.emplace_object();
  document["device"] = folder->server.device.hex();
  document["epoch"] = folder->server.epoch;
  document["users"] = users.size();
  document["wiping"] = folder->wiping;
  json::array journals;
  std::uint64_t waiting = 0;
  for (const auto& log : logs) {
    journals.push_back(journal_json(log));
    LANTAARN_ASSIGN(const std::uint64_t arrived, arrived_through(folder->journal, log));
    waiting += log.head.seq - std::min(arrived, log.head.seq);
  }
  document["journals"] = std::move(journals);
  document["not_received"] = waiting;
  document["open_rounds"] = open_rounds.size();
  document["not_closed"] = not_closed;
  document["lease"] = lease_json(leases);
  document["last_sync"] = nullptr;
  if (last_sync) document["last_sync"] = json::object{{"at", to_rfc3339(last_sync->wall_ms)}, {"all_received", last_sync->all_received}};
  document["clock"] = json::object{{"status", name_of(now.status)}, {"now", to_rfc3339(now.wall_ms)}};
  json::array broken;
  for (const auto& each : damage) {
    broken.push_back(json::object{{"log_id", each.log.hex()}, {"good_through", each.good_through}, {"head", each.head_seq}});
  }
  document["damage"] = std::move(broken);
  const json::object reached = protection_json();
  document["protection"] = reached;

  const Storage storage = storage_of(*folder);
  document["storage"] = storage_json(storage);

  add_lines(answer, logs, waiting);
  answer.lines.push_back(text(last_sync ? "label:last_sync" : "label:never_synced", {last_sync ? to_amsterdam_text(last_sync->wall_ms) : ""}));
  add_lease_lines(answer, leases);
  answer.lines.push_back(text(std::string("label:clock:") + name_of(now.status)));
  answer.lines.push_back(text(storage.low ? "label:disk_low" : "label:disk_days", {std::to_string(storage.days_left)}));
  add_protection_lines(answer, reached);
  if (folder->wiping) answer.lines.push_back(text("label:wipe_waits", {std::to_string(waiting)}));
  if (not_closed) answer.lines.push_back(text("error:round_not_closed"));
  for (const auto& each : damage) {
    answer.lines.push_back(text("label:damage", {each.log.hex().substr(0, 8), std::to_string(each.good_through), std::to_string(each.head_seq)}));
  }
  return answer;
}

}  // namespace lantaarn::firmware::cli
