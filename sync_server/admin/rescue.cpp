#include "sync_server/admin/rescue.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "common/sync/message.hpp"
#include "sync_server/admin/commands.hpp"
#include "sync_server/admin/documents.hpp"
#include "sync_server/admin/new_file.hpp"
#include "sync_server/inbox/inbox.hpp"
#include "sync_server/merge/directory.hpp"
#include "sync_server/merge/losses.hpp"

namespace lantaarn::server::admin {
namespace json = boost::json;
namespace {

using Receipts = std::vector<sync::pb::SignedStatement>;

model::Event entries_missed(const Context& context, const MissedEntries& missed) {
  model::Event event = context.new_event();
  auto& fact = *event.mutable_entries_missed();
  fact.set_device_id(model::id_field(missed.device));
  fact.set_log_id(model::id_field(missed.log));
  fact.set_from_seq(missed.from_seq);
  fact.set_through_seq(missed.through.seq);
  fact.set_through_hash(to_string(missed.through.hash));
  return event;
}

model::Event rescue_received(const Context& context, const RescueIntake& intake, const ReceivedLogs& received) {
  model::Event event = context.new_event();
  auto& fact = *event.mutable_rescue_received();
  fact.set_device_id(model::id_field(intake.device().id));
  for (const RescueLog& log : intake.logs()) {
    const auto at = received.find({intake.device().id, log.origin.log});
    if (at == received.end()) continue;
    auto& through = *fact.add_through();
    through.set_log_id(model::id_field(log.origin.log));
    through.set_seq(at->second.seq);
    through.set_hash(to_string(at->second.hash));
  }
  return event;
}

// How many of each log's entries in the file stand apart now.
Result<std::map<LogId, std::uint64_t>> set_apart(Registry& registry, const RescueIntake& intake) {
  std::map<LogId, std::uint64_t> counts;
  LANTAARN_TRY(registry.quarantine([&](const Quarantined& apart) -> Status {
    for (const RescueLog& log : intake.logs()) {
      if (apart.entry.log == log.origin.log && log.hashes.contains(apart.entry.hash)) ++counts[log.origin.log];
    }
    return {};
  }));
  return counts;
}

json::object log_document(const RescueLog& log, std::uint64_t apart) {
  return {{"log_id", log.origin.log.hex()},
          {"entries", log.entries},
          {"new", log.added},
          {"known", log.entries - std::min(log.entries, log.added)},
          {"set_apart", apart},
          {"forked", log.fork_through.has_value()},
          {"damaged", log.damaged},
          {"refused", text_or_null(log.refused)}};
}

// The messages that a session would have sent down, in their order.
class AnswerFile {
 public:
  static Result<AnswerFile> begin(const std::string& path, const DeviceId& device) {
    LANTAARN_ASSIGN(WholeFile file, WholeFile::begin(path));
    auto whole = std::make_unique<WholeFile>(std::move(file));
    const auto write = [target = whole.get()](ByteView bytes) { return target->write(bytes); };
    LANTAARN_ASSIGN(auto writer, sync::StickWriter::begin(sync::StickKind::kAnswer, device, write));
    return AnswerFile(std::move(whole), std::move(writer));
  }
  [[nodiscard]] Status put(const sync::pb::Message& message) { return writer_.message(sync::to_message(message)); }
  [[nodiscard]] Status finish() {
    LANTAARN_TRY(writer_.end());
    return file_->finish();
  }

 private:
  AnswerFile(std::unique_ptr<WholeFile> file, sync::StickWriter writer) : file_(std::move(file)), writer_(std::move(writer)) {}
  std::unique_ptr<WholeFile> file_;
  sync::StickWriter writer_;
};

// All links to the server's keys: nobody says here which this handheld knows.
Result<sync::pb::Message> state_message(const Context& context, const RescueIntake& intake, const ReceivedLogs& received,
                                        sync::pb::SignedStatement receipt_key) {
  sync::pb::Message message;
  auto& state = *message.mutable_state();
  state.set_epoch(context.keys.server.epoch);
  state.set_server_time_ms(context.clock.now().wall_ms);
  *state.mutable_receipt_key() = std::move(receipt_key);
  LANTAARN_ASSIGN(const auto links, key_links_after(context.registry, 1));
  for (const auto& link : links) *state.add_server_keys() = link;
  for (const RescueLog& log : intake.logs()) {
    const auto at = received.find({intake.device().id, log.origin.log});
    auto& standing = *state.add_logs();
    standing.set_log_id(model::id_field(log.origin.log));
    if (at == received.end()) continue;
    standing.set_received_seq(at->second.seq);
    standing.set_received_hash(to_string(at->second.hash));
  }
  return message;
}

Status write_answer(Context& context, const RescueIntake& intake, const std::string& path, StatementMaker& statements, const Receipts& receipts,
                    const ReceivedLogs& received) {
  LANTAARN_ASSIGN(AnswerFile file, AnswerFile::begin(path, intake.device().id));
  const std::int64_t now_ms = context.clock.now().wall_ms;
  LANTAARN_ASSIGN(auto receipt_key, statements.receipt_key(intake.device().id, now_ms));
  LANTAARN_ASSIGN(const auto state, state_message(context, intake, received, std::move(receipt_key)));
  LANTAARN_TRY(file.put(state));
  for (const auto& receipt : receipts) {
    sync::pb::Message message;
    *message.mutable_ack()->mutable_receipt() = receipt;
    LANTAARN_TRY(file.put(message));
  }
  for (const RescueLog& log : intake.logs()) {
    if (!log.fork_through) continue;
    sync::pb::Message message;
    message.mutable_fork_noted()->set_log_id(model::id_field(log.origin.log));
    message.mutable_fork_noted()->set_through_seq(log.fork_through->seq);
    message.mutable_fork_noted()->set_through_hash(to_string(log.fork_through->hash));
    LANTAARN_TRY(file.put(message));
  }
  LANTAARN_ASSIGN(const auto devices, context.registry.devices());
  const auto known = std::find_if(devices.begin(), devices.end(), [&](const DeviceView& each) { return each.id == intake.device().id; });
  if (known == devices.end()) return bug("rescue: the handheld is gone");
  LANTAARN_ASSIGN(const Directory* directory, context.merger.directory());
  LANTAARN_ASSIGN(auto down, statements.for_session(*known, received, directory->own_codes(), now_ms));
  for (auto& statement : down.statements) {
    if (statement.ByteSizeLong() > sync::kStatementBytesMax) continue;
    // A handheld passes directives in a file over, and a new PSK is for nobody else's eyes.
    sync::pb::Statement stated;
    if (stated.ParseFromString(statement.statement()) && stated.kind() == sync::pb::DIRECTIVE) continue;
    sync::pb::Message message;
    message.mutable_down()->mutable_statement()->Swap(&statement);
    LANTAARN_TRY(file.put(message));
  }
  sync::pb::Message done;
  done.mutable_down_done();
  LANTAARN_TRY(file.put(done));
  return file.finish();
}

// While no server runs this process may write the inbox itself: it holds the folder's lock.
Status store_here(inbox::Inbox& inbox, RescueIntake& intake, std::int64_t now_ms) {
  std::map<UserId, crypto::VerifyKey> users;
  for (const BoundUser& bound : bound_now(intake.device())) users.emplace(bound.user, bound.verify_key);
  const journal::AuthorKeys keys = [&users](const UserId& user) {
    const auto found = users.find(user);
    return found == users.end() ? std::nullopt : std::optional(found->second);
  };
  while (!intake.done()) {
    LANTAARN_ASSIGN(const auto store, intake.next());
    if (!store) continue;
    inbox::Incoming incoming{{intake.device().id, store->log.log, store->log.after_log, store->log.after.seq, store->log.after.hash},
                             as_bytes(store->batch), now_ms, &keys, {}};
    if (store->anchor) incoming.anchor = inbox::Incoming::Anchor{{store->anchor->at.seq, store->anchor->at.hash},
                                                                 {store->anchor->secured.seq, store->anchor->secured.hash}};
    LANTAARN_ASSIGN(const auto landed, inbox.store({&incoming, 1}));
    sync::StoreResult result{store->token, sync::Stored::kFailed, {}, landed.front().ok() ? "" : landed.front().error().code, 0};
    if (landed.front().ok()) {
      const inbox::Landed& there = *landed.front();
      result.stored = there.landing == inbox::Landing::kMain ? sync::Stored::kMain
                      : there.landing == inbox::Landing::kFork ? sync::Stored::kFork : sync::Stored::kGap;
      result.through = {there.through.seq, there.through.hash};
      result.added = there.added;
    }
    intake.stored(result);
  }
  return {};
}

// As the gateway counts them: no two starts of an inbox give the same counter.
Result<Receipts> receipts_here(inbox::Inbox& inbox, Context& context, const RescueIntake& intake) {
  const crypto::SignKey receipt_key{context.keys.receipt_seed};
  std::uint64_t counter = inbox.starts() << 32;
  sync::ReceiverConfig config;
  config.device = intake.device().id;
  config.epoch = context.keys.server.epoch;
  config.receipt_key = &receipt_key;
  config.next_counter = [&counter] { return ++counter; };
  config.wall_ms = [&context] { return context.clock.now().wall_ms; };
  Receipts receipts;
  for (const LogId& log : logs_of(intake)) {
    LANTAARN_ASSIGN(const auto at, inbox.received(intake.device().id, log));
    if (at.seq != 0) receipts.push_back(sync::make_receipt(config, log, {at.seq, at.hash}));
  }
  return receipts;
}

}  // namespace

Status note_missed(Context& context) {
  LANTAARN_ASSIGN(const auto missed, context.inbox.missed());
  std::vector<model::Event> events;
  for (const inbox::Missed& each : missed) {
    LANTAARN_ASSIGN(const auto rest, still_missing(context.registry, {each.device, each.log, each.from_seq, each.through}));
    if (!rest) continue;
    LANTAARN_ASSIGN(const bool noted, is_noted(context.registry, *rest));
    if (!noted) events.push_back(entries_missed(context, *rest));
  }
  if (events.empty()) return {};
  LANTAARN_TRY(context.record(events));
  return {};
}

std::vector<LogId> logs_of(const RescueIntake& intake) {
  std::vector<LogId> logs;
  for (const RescueLog& log : intake.logs()) logs.push_back(log.origin.log);
  return logs;
}

Answer finish_rescue(Context& context, const RescueIntake& intake, const Arguments& arguments, StatementMaker& statements,
                     const Receipts& receipts) {
  LANTAARN_TRY(note_missed(context));
  LANTAARN_ASSIGN(const auto received, context.inbox.received());
  LANTAARN_TRY(context.record({rescue_received(context, intake, received)}));
  if (arguments.has("receipts")) LANTAARN_TRY(write_answer(context, intake, arguments.one("receipts"), statements, receipts, received));
  LANTAARN_ASSIGN(const auto apart, set_apart(context.registry, intake));
  json::array logs;
  for (const RescueLog& log : intake.logs()) {
    const auto found = apart.find(log.origin.log);
    logs.push_back(log_document(log, found == apart.end() ? 0 : found->second));
  }
  return Output{json::object{{"device_id", intake.device().id.hex()},
                             {"name", intake.device().name},
                             {"torn", intake.torn()},
                             {"logs", std::move(logs)},
                             {"receipts", text_or_null(arguments.one("receipts"))}},
                {}};
}

Answer take_rescue(Context& context, const Arguments& arguments) {
  LANTAARN_ASSIGN(RescueIntake intake, RescueIntake::open(arguments.one("file"), context.registry, context.keys, 1));
  Receipts receipts;
  {
    LANTAARN_ASSIGN(auto inbox, inbox::Inbox::open(context.folder.inbox()));
    LANTAARN_TRY(store_here(inbox, intake, context.clock.now().wall_ms));
    LANTAARN_ASSIGN(receipts, receipts_here(inbox, context, intake));
  }
  LANTAARN_TRY(merge_inbox(context, arguments));
  StatementMaker statements(context.registry, context.keys);
  return finish_rescue(context, intake, arguments, statements, receipts);
}

}  // namespace lantaarn::server::admin
