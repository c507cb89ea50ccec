#include "sync_server/admin/backups.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/crypto/random.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/erasure.hpp"
#include "sync_server/admin/key_rotation.hpp"
#include "sync_server/admin/target_patience.hpp"
#include "sync_server/registry/sqlite/open.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

Result<SecondCopyWork> work_of(Context& context) {
  LANTAARN_ASSIGN(const auto target, backup::stored_target(context.registry));
  if (!target) return refused("backup_no_target");
  LANTAARN_ASSIGN(crypto::Key data_key, backup::data_key_of(context.registry));
  return SecondCopyWork(context.folder, std::move(data_key), *target);
}

Result<std::optional<std::int64_t>> oldest_unsecured(Context& context) {
  std::optional<std::int64_t> oldest;
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  for (const auto& [key, position] : received) {
    LANTAARN_ASSIGN(const auto secured, context.registry.secured(key.first));
    const auto found = std::find_if(secured.begin(), secured.end(), [&id = key.second](const SecuredThrough& one) { return one.log == id; });
    const std::uint64_t through = found == secured.end() ? 0 : found->through.seq;
    if (through >= position.seq) continue;
    LANTAARN_ASSIGN(const auto since, context.inbox.received_beyond(key.first, key.second, through));
    if (since && (!oldest || *since < *oldest)) oldest = since;
  }
  return oldest;
}

Result<json::array> backups_made(Registry& registry) {
  LANTAARN_ASSIGN(const auto made, registry.entries_of_kind(model::Event::kBackupMade));
  json::array documents;
  for (const StoredEntry& entry : made) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    documents.push_back(json::object{{"backup", to_hex(as_bytes(event.backup_made().backup_id()))},
                                     {"made_at", instant(entry.recorded_ms)},
                                     {"digest", to_hex(as_bytes(event.backup_made().digest()))},
                                     {"own_log_seq", event.backup_made().own_log_seq()}});
  }
  return documents;
}

Result<bool> is_noted(Registry& registry, const std::string& backup_id) {
  LANTAARN_ASSIGN(const auto made, registry.entries_of_kind(model::Event::kBackupMade));
  for (const StoredEntry& entry : made) {
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    if (event.backup_made().backup_id() == backup_id) return true;
  }
  return false;
}

// The key in force, and those that signed before it.
Result<json::array> signers(Context& context) {
  LANTAARN_ASSIGN(const auto all, backup::authority_of(context.registry, context.keys.authority.verify_key()));
  json::array keys;
  for (auto key = all.rbegin(); key != all.rend(); ++key) keys.emplace_back(to_hex(*key));
  return keys;
}

// One that this server made before (a crash half-way, a restore, one that hung and came to) is taken up again; else it is
// made. On a connection and with keys of its own: with_patience() may leave it.
Result<backup::TargetHead> head_at(const Folder& folder, const crypto::Key& data_key, const std::string& path, std::int64_t now_ms) {
  LANTAARN_ASSIGN(const auto registry, open_sqlite_snapshot(folder.registry_database(), data_key.duplicate()));
  LANTAARN_ASSIGN(const Keys keys, load_keys(*registry));
  LANTAARN_ASSIGN(const auto recovery, backup::stored_recovery_public(*registry));
  if (!recovery) return refused("backup_no_recovery_key");
  LANTAARN_ASSIGN(const auto authority, backup::authority_of(*registry, keys.authority.verify_key()));
  const auto files = backup::folder_files(path);
  const auto there = backup::read_target(*files, &authority);
  if (there.ok() && there->server == keys.server.id && there->recovery == *recovery) return *there;
  const backup::TargetHead head{keys.server.id, crypto::random_id<backup::TargetId>(), *recovery, now_ms};
  LANTAARN_TRY(backup::make_target(*files, head, keys.authority));
  return head;
}

}  // namespace

Result<SecondCopyStanding> second_copy_standing(Context& context, const std::optional<SecondCopyState>& copy) {
  SecondCopyStanding standing;
  standing.copy = copy;
  LANTAARN_ASSIGN(standing.target, backup::stored_target(context.registry));
  LANTAARN_ASSIGN(const auto own, context.registry.own_head());
  if (own) standing.own_seq = own->second.seq;
  LANTAARN_ASSIGN(const auto made, context.registry.entries_of_kind(model::Event::kBackupMade));
  for (const StoredEntry& entry : made) standing.last_backup_ms = std::max(standing.last_backup_ms, entry.recorded_ms);
  LANTAARN_ASSIGN(const auto drills, context.registry.entries_of_kind(model::Event::kRestoreDrilled));
  for (const StoredEntry& entry : drills) {
    if (entry.recorded_ms < standing.last_drill_ms) continue;
    LANTAARN_ASSIGN(const model::Event event, model::decode_event(entry.bytes));
    standing.last_drill_ms = entry.recorded_ms;
    standing.last_drill_good = event.restore_drilled().good();
  }
  LANTAARN_ASSIGN(standing.oldest_unsecured_ms, oldest_unsecured(context));
  return standing;
}

Answer backup_status(Context& context, const std::optional<SecondCopyState>& copy) {
  LANTAARN_ASSIGN(const SecondCopyStanding standing, second_copy_standing(context, copy));
  json::value target;
  if (standing.target) {
    target = json::object{{"path", standing.target->path}, {"target_id", standing.target->target.hex()}};
    target.as_object()["reachable"] = copy ? json::value(copy->reachable) : json::value();
    target.as_object()["trouble"] = copy ? copy->trouble : std::string();
    target.as_object()["shipped_seq"] = copy ? json::value(copy->own_seq) : json::value();
  }
  LANTAARN_ASSIGN(json::array backups, backups_made(context.registry));
  LANTAARN_ASSIGN(json::array authority, signers(context));
  return Output{json::object{{"target", target},
                             {"own_log_seq", standing.own_seq},
                             {"last_backup_at", instant_or_null(standing.last_backup_ms)},
                             {"last_drill_at", instant_or_null(standing.last_drill_ms)},
                             {"last_drill_good", standing.last_drill_good},
                             {"oldest_unsecured_at", instant_or_null(standing.oldest_unsecured_ms.value_or(0))},
                             {"authority_keys", std::move(authority)},
                             {"backups", std::move(backups)}}};
}

Answer show_backup_status(Context& context, const Arguments&) { return backup_status(context, std::nullopt); }

Answer init_backup(Context& context, const Arguments& arguments) {
  const std::string path = arguments.one("target");
  LANTAARN_ASSIGN(const auto before, backup::stored_target(context.registry));
  if (before && before->path != path && !arguments.has("replace")) return refused("backup_target_set", {before->path});
  LANTAARN_ASSIGN(crypto::Key data_key, backup::data_key_of(context.registry));
  const auto look = [folder = context.folder, key = std::make_shared<crypto::Key>(std::move(data_key)), path,
                     now_ms = context.clock.now().wall_ms] { return head_at(folder, *key, path, now_ms); };
  LANTAARN_ASSIGN(const backup::TargetHead head, with_patience<backup::TargetHead>(look, path));
  LANTAARN_ASSIGN(const auto change, context.registry.begin());
  LANTAARN_TRY(backup::put_target(*change, {path, head.target}));
  LANTAARN_TRY(change->commit());
  return Output{json::object{{"target", path}, {"target_id", head.target.hex()}, {"replaced", before ? json::value(before->path) : json::value()}}};
}

Answer create_backup(Context& context, const Arguments&) {
  LANTAARN_ASSIGN(SecondCopyWork work, work_of(context));
  LANTAARN_ASSIGN(const auto made, work.create(context.clock.now().wall_ms));
  LANTAARN_TRY(note_backup(context, work.where(), made.made.manifest));
  LANTAARN_TRY(note_secured(context, made.shipped.secured));
  LANTAARN_TRY(work.ship());
  return made_document(made.made, work.where());
}

Answer prune_backups(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(const std::size_t keep, backups_to_keep(arguments));
  LANTAARN_ASSIGN(SecondCopyWork work, work_of(context));
  LANTAARN_ASSIGN(const backup::Pruned pruned, work.prune(keep));
  return pruned_document(pruned);
}

Answer note_drill(Context& context, const Arguments& arguments) {
  model::Event event = context.new_event();
  const auto id = backup::BackupId::parse_hex(arguments.one("backup"));
  if (!id) return refused("backup_not_found", {arguments.one("backup")});
  event.mutable_restore_drilled()->set_backup_id(model::id_field(*id));
  event.mutable_restore_drilled()->set_good(arguments.has("good"));
  LANTAARN_ASSIGN(const auto events, context.record({event}));
  return Output{json::object{{"event_id", events.front().hex()}, {"drilled_at", instant(event.recorded().wall_ms())}}};
}

Result<std::size_t> backups_to_keep(const Arguments& arguments) {
  const std::string typed = arguments.one("keep");
  if (typed.empty() || typed.size() > 4 || typed.find_first_not_of("0123456789") != std::string::npos || std::stoul(typed) == 0) {
    return refused("number_invalid", {"9999"});
  }
  return std::stoul(typed);
}

Status note_news(Context& context, const std::string& where, SecondCopy::News& news) {
  LANTAARN_TRY(note_secured(context, news.secured));
  news.secured.clear();
  while (!news.made.empty()) {
    LANTAARN_TRY(note_backup(context, where, news.made.front()));
    news.made.erase(news.made.begin());
  }
  return {};
}

Status note_backup(Context& context, const std::string& where, const backup::pb::Manifest& manifest) {
  LANTAARN_ASSIGN(const bool known, is_noted(context.registry, manifest.backup_id()));
  if (known) return {};
  model::Event event = context.new_event();
  auto& made = *event.mutable_backup_made();
  made.set_backup_id(manifest.backup_id());
  made.set_target(where.substr(where.rfind('/') + 1));
  made.set_digest(manifest.digest());
  made.set_own_log_seq(manifest.own_seq());
  auto noted = context.record({event});
  return noted.ok() ? Status() : Status(noted.error());
}

Status note_secured(Context& context, const backup::SecuredLogs& secured) {
  if (secured.empty()) return {};
  LANTAARN_ASSIGN(const auto change, context.registry.begin());
  for (const auto& [log, at] : secured) LANTAARN_TRY(change->put_secured(log.first, log.second, at));
  return change->commit();
}

Output made_document(const backup::Made& made, const std::string& where) {
  const auto& manifest = made.manifest;
  return Output{json::object{{"backup", to_hex(as_bytes(manifest.backup_id()))},
                             {"target", where},
                             {"made_at", instant(manifest.made_at_ms())},
                             {"digest", to_hex(as_bytes(manifest.digest()))},
                             {"events", manifest.events()},
                             {"own_log_seq", manifest.own_seq()},
                             {"chunks", manifest.chunks_size()},
                             {"new_chunks", made.new_chunks},
                             {"bytes", made.bytes},
                             {"new_bytes", made.new_bytes}}};
}

Output pruned_document(const backup::Pruned& pruned) {
  return Output{json::object{{"backups", pruned.backups}, {"chunks", pruned.chunks}}};
}

bool waits_for_shipping(const Arguments& arguments) {
  static constexpr std::string_view kCommands[] = {"device revoke", "device lost", "device revoke-user", "erasure execute", "key rotate", "key destroy", "record add", "record change", "record retract"};
  return std::find(std::begin(kCommands), std::end(kCommands), arguments.command) != std::end(kCommands);
}

void say_shipped(Output& output, IsShipped shipped) {
  if (!output.document.is_object()) return;
  output.document.as_object()["shipped"] = shipped == IsShipped::kYes ? "yes" : shipped == IsShipped::kNotYet ? "not_yet" : "no_target";
}

Status copy_next_key(Context& context, const Arguments& arguments) {
  if (arguments.command != "key rotate") return {};
  auto work = work_of(context);
  if (!work.ok()) return work.error().code == "backup_no_target" ? Status() : Status(work.error());
  LANTAARN_TRY(identify(context, arguments));
  LANTAARN_ASSIGN(const KeyKind kind, key_kind(arguments.one("kind")));
  LANTAARN_TRY(check_rotatable(context, kind));
  LANTAARN_TRY(prepare_key(context.registry, kind));
  return work->ship().ok() ? Status() : refused("key_waits_for_copy");
}

void ship_alone(Context& context, const Arguments& arguments, Output& output) {
  auto work = work_of(context);
  if (!work.ok()) {
    if (waits_for_shipping(arguments)) say_shipped(output, IsShipped::kNoTarget);
    static_cast<void>(complete_erasures(context));
    return;
  }
  const auto shipped = work->ship();
  if (shipped.ok()) static_cast<void>(note_secured(context, shipped->secured));
  if (shipped.ok()) static_cast<void>(complete_erasures(context));
  if (waits_for_shipping(arguments)) say_shipped(output, shipped.ok() ? IsShipped::kYes : IsShipped::kNotYet);
}

}  // namespace lantaarn::server::admin
