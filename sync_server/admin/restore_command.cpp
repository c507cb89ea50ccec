// Restore, drill, and looking at a target: what needs the recovery key or much time, in the asker's own process.
#include <boost/json.hpp>
#include <filesystem>

#include "common/crypto/random.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/restore.hpp"
#include "sync_server/backup/check.hpp"
#include "sync_server/backup/sheet_input.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

std::string text_in(const json::value& document, const char* member) {
  const json::value* found = document.as_object().if_contains(member);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

// What the server says of its target.
struct Told {
  json::value status;
  std::string path;
  backup::AuthorityKeys authority;
  /// The digest that the server's own log says a backup had; empty when it says nothing.
  [[nodiscard]] std::string digest_of(const std::string& backup) const {
    for (const json::value& one : status.at("backups").as_array()) {
      if (text_in(one, "backup") == backup) return text_in(one, "digest");
    }
    return {};
  }
};

Result<Told> told_by(const AskServer& ask_server) {
  LANTAARN_ASSIGN(const Output output, ask_server(Arguments{"backup status", {}}));
  Told told{output.document, {}, {}};
  if (!told.status.at("target").is_object()) return refused("backup_no_target");
  told.path = text_in(told.status.at("target"), "path");
  for (const json::value& key : told.status.at("authority_keys").as_array()) {
    const auto bytes = from_hex(std::string(key.get_string()));
    if (const auto array = bytes ? to_array<32>(*bytes) : std::nullopt) told.authority.push_back(*array);
  }
  return told;
}

json::object backup_document(const backup::NamedManifest& one, const Told& told) {
  const std::string id = to_hex(as_bytes(one.manifest.backup_id()));
  const std::string digest = to_hex(as_bytes(one.manifest.digest()));
  const std::string claimed = told.digest_of(id);
  std::uint64_t bytes = 0;
  for (const auto& chunk : one.manifest.chunks()) bytes += chunk.bytes();
  return json::object{{"backup", id},
                      {"made_at", instant(one.manifest.made_at_ms())},
                      {"epoch", one.manifest.epoch()},
                      {"digest", digest},
                      {"digest_as_noted", claimed.empty() ? json::value() : json::value(claimed == digest)},
                      {"events", one.manifest.events()},
                      {"own_log_seq", one.manifest.own_seq()},
                      {"chunks", one.manifest.chunks_size()},
                      {"bytes", bytes}};
}

json::array texts(const std::vector<std::string>& all) {
  json::array array;
  for (const auto& one : all) array.emplace_back(one);
  return array;
}

Error damaged(const backup::Checked& checked) {
  return checked.damaged.empty() ? corrupt("backup_damaged") : corrupt("backup_file_damaged", {checked.damaged.front()});
}

json::object put_back_document(const PutBack& back, const backup::RestorePlan& plan) {
  return json::object{{"backup", to_hex(as_bytes(plan.manifest.backup_id()))},
                      {"made_at", instant(plan.manifest.made_at_ms())},
                      {"digest_of_backup", to_hex(as_bytes(plan.manifest.digest()))},
                      {"digest_equal", back.restored.compared ? json::value(true) : json::value()},
                      {"digest", back.digest.text()},
                      {"events", back.digest.events},
                      {"own_log_seq", back.restored.own_seq},
                      {"facts_replayed", back.restored.own_replayed},
                      {"batches", back.batches},
                      {"epoch", plan.epoch},
                      {"lost", texts(plan.lost)}};
}

}  // namespace

Answer restore_server(const Globals& globals, const Arguments& arguments, const Clock& clock) {
  const auto files = backup::folder_files(arguments.one("target"));
  LANTAARN_TRY(backup::read_target(*files, nullptr));  // before anyone types a sheet
  LANTAARN_ASSIGN(const backup::RecoveryKey recovery, backup::read_sheets(arguments.all("sheets")));
  LANTAARN_ASSIGN(const backup::RestorePlan plan, backup::plan_restore(*files, recovery, {arguments.one("backup"), arguments.has("accept-loss")}));
  const Folder folder{arguments.one("to")};
  LANTAARN_ASSIGN(const PutBack back, put_back(folder, globals.key_file, *files, plan, recovery, clock.now().wall_ms));
  json::object document = put_back_document(back, plan);
  document["folder"] = folder.root;
  return Output{std::move(document)};
}

Answer list_backups(const AskServer& ask_server) {
  LANTAARN_ASSIGN(const Told told, told_by(ask_server));
  const auto files = backup::folder_files(told.path);
  LANTAARN_ASSIGN(const backup::TargetHead head, backup::read_target(*files, &told.authority));
  LANTAARN_ASSIGN(const backup::Manifests manifests, backup::read_manifests(*files, head, &told.authority));
  json::array documents;
  for (const auto& one : manifests.good) documents.push_back(backup_document(one, told));
  return Output{json::object{{"target", told.path}, {"backups", std::move(documents)}, {"damaged", texts(manifests.damaged)}}};
}

Answer verify_backups(const AskServer& ask_server) {
  LANTAARN_ASSIGN(const Told told, told_by(ask_server));
  const auto files = backup::folder_files(told.path);
  LANTAARN_ASSIGN(const backup::Checked checked, backup::check_target(*files, told.authority));
  LANTAARN_ASSIGN(const backup::TargetHead head, backup::read_target(*files, &told.authority));
  LANTAARN_ASSIGN(const backup::Manifests manifests, backup::read_manifests(*files, head, &told.authority));
  bool digests = true;
  for (const auto& one : manifests.good) {
    const std::string claimed = told.digest_of(to_hex(as_bytes(one.manifest.backup_id())));
    digests = digests && (claimed.empty() || claimed == to_hex(as_bytes(one.manifest.digest())));
  }
  if (!checked.good()) return damaged(checked);
  if (!digests) return corrupt("backup_damaged");
  return Output{json::object{{"target", told.path},
                             {"good", true},
                             {"backups", checked.backups},
                             {"chunks", checked.chunks},
                             {"bytes", checked.bytes},
                             {"own_log_seq", checked.own_seq}}};
}

namespace {

// `backup`: which one was tried, also when it failed.
Result<json::object> drill(const Told& told, const backup::RecoveryKey& recovery, const std::string& scratch, std::int64_t now_ms, std::string& backup) {
  const auto files = backup::folder_files(told.path);
  LANTAARN_ASSIGN(const backup::Checked checked, backup::check_target(*files, told.authority));
  LANTAARN_ASSIGN(const backup::RestorePlan plan, backup::plan_restore(*files, recovery, {}));
  backup = to_hex(as_bytes(plan.manifest.backup_id()));
  if (!checked.good()) return damaged(checked);
  LANTAARN_ASSIGN(const PutBack back, put_back(Folder{scratch}, scratch + ".key", *files, plan, recovery, now_ms));
  return put_back_document(back, plan);
}

}  // namespace

// The scratch folder's key lies beside it and both go; the registry in it is sealed as any other.
Answer drill_restore(const Globals& globals, const Arguments& arguments, const Clock& clock, const AskServer& ask_server) {
  LANTAARN_ASSIGN(const Told told, told_by(ask_server));
  LANTAARN_ASSIGN(const backup::RecoveryKey recovery, backup::read_sheets(arguments.all("sheets")));
  ByteArray<4> mark;
  crypto::fill_random(mark);
  const std::string scratch = globals.data + "/drill-" + to_hex(mark);
  std::string backup;
  auto drilled = drill(told, recovery, scratch, clock.now().wall_ms, backup);
  std::error_code ignored;
  for (const char* ending : {"", ".unfinished", ".key"}) std::filesystem::remove_all(scratch + ending, ignored);
  if (!backup.empty()) {
    Arguments note{"backup drilled", {{"backup", {backup}}}};
    if (drilled.ok()) note.values["good"] = {"1"};
    const Answer noted = ask_server(note);
    if (drilled.ok() && !noted.ok()) return noted.error();
  }
  if (!drilled.ok()) return drilled.error();
  (*drilled)["good"] = true;
  return Output{std::move(*drilled)};
}

}  // namespace lantaarn::server::admin
